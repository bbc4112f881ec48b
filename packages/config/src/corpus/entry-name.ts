import type { Corpus } from "./corpus.ts";

/**
 * The entry that a dotted name means: the entry of that name, the class of that name that the package has only once, or
 * the class that a rule's source defines in that module. The package goes by its own name, as Python would import it, or
 * by the engine's. Undefined where there is none.
 */
export function entryName(corpus: Corpus, asked: string): string | undefined {
  if (Object.hasOwn(corpus.entries, asked)) return asked;
  const [root, ...rest] = asked.split(".");
  const last = rest.at(-1);
  const alike = Object.keys(corpus.entries).filter((name) => {
    const parts = name.split(".");
    return parts.at(-1) === last && [parts[0], corpus.engine].some((name) => isSamePackage(name, root));
  });
  const [only, ...others] = alike;
  if (only === undefined || others.length > 0) return undefined;
  return rest.length === 1 || isDefinedIn(corpus, only, asked) ? only : undefined;
}

/** No name in Python has a hyphen. */
const isSamePackage = (a: string | undefined, b: string | undefined): boolean =>
  a?.replaceAll("-", "_") === b?.replaceAll("-", "_");

function isDefinedIn(corpus: Corpus, entry: string, asked: string): boolean {
  const parts = asked.split(".");
  const [module, name] = [parts.slice(0, -1).join("/"), parts.at(-1)];
  const rules: unknown = corpus.entries[entry]?.rules;
  return (
    Array.isArray(rules) &&
    (rules as Corpus["entries"][string]["rules"]).some(
      ({ source }) => source?.path === `${module}.py` && source.qualname.split(".")[0] === name,
    )
  );
}
