import type { Resolution } from "@lem/config";

function leaves(value: unknown, path: string): [string, unknown][] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [[path, value]];
  const entries = Object.entries(value);
  return entries.flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

/** Every field of a resolved experiment as `[path, value, origin]`; engine sections stand under their engine's name. */
export function fieldRows({ experiment, provenance }: Resolution): [string, string, string][] {
  const { sections, unchecked, ...rest } = experiment;
  const marked = new Set(unchecked);
  return [...leaves(rest, ""), ...leaves(sections, experiment.engine)].map(([path, value]) => [
    path,
    JSON.stringify(value),
    `${provenance[path] ?? "default"}${marked.has(path) ? ", unchecked" : ""}`,
  ]);
}
