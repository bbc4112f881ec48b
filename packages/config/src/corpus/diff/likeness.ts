/** The fields that a condition, in its tagged form, reads. */
export function readsIn(when: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  visit(when, (key, value) => {
    if ((key === "f" || key === "isSet") && typeof value === "string") found.add(value.split(".")[0] ?? value);
  });
  return found;
}

/** The operators, fields and constants of a condition, in its tagged form. */
export function wordsIn(when: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  visit(when, (key, value) => {
    found.add(value === null || typeof value !== "object" ? `${key} ${JSON.stringify(value)}` : key);
  });
  return found;
}

/** Calls back with each key and value, and with each item under the key of its list. */
function visit(json: unknown, each: (key: string, value: unknown) => void, under = ""): void {
  if (Array.isArray(json)) {
    for (const item of json) {
      each(under, item);
      visit(item, each, under);
    }
    return;
  }
  if (json === null || typeof json !== "object") return;
  for (const [key, value] of Object.entries(json)) {
    each(key, value);
    visit(value, each, key);
  }
}

/** How much two sets have in common: 1 for equal ones, 0 for those without a common member. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const all = new Set([...a, ...b]).size;
  return all === 0 ? 1 : [...a].filter((each) => b.has(each)).length / all;
}
