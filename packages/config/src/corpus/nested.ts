import { isDict, type PyValue, type Values } from "../invariants/index.ts";
import type { EntryVerdict } from "./verdict.ts";

/** The rules of a class, as far as a dict in the place of its object asks for them. */
export interface Judge {
  judge(declared: Values, profile: string): EntryVerdict;
}

/** A dict in the place of an object, which none of the classes takes that may stand there. */
export interface NestedRefusal<Entry extends Judge> {
  readonly field: string;
  /** Of these classes the one that finds the least wrong with it. */
  readonly entry: Entry;
  readonly declared: Values;
  readonly verdict: EntryVerdict;
}

/** Finds the compiled rules of a class in a profile. */
export type EntryOf<Entry extends Judge> = (name: string, profile: string) => Entry | undefined;

/** What the classes of dicts say of those that are given; a class without rules takes all. */
export function nestedRefusals<Entry extends Judge>(
  nested: ReadonlyMap<string, readonly string[]>,
  given: { readonly declared: Values; readonly profile: string },
  entryOf: EntryOf<Entry>,
): readonly NestedRefusal<Entry>[] {
  return [...nested].flatMap(([field, classes]) => {
    const declared = keywordsIn(given.declared.get(field));
    if (declared === undefined) return [];
    const tried = classes.map((name) => {
      const entry = entryOf(name, given.profile);
      return entry === undefined
        ? undefined
        : { field, entry, declared, verdict: entry.judge(declared, given.profile) };
    });
    const refusing = tried.flatMap((each) => (each?.verdict.verdict === "error" ? [each] : []));
    const [least] = refusing.toSorted((a, b) => a.verdict.rules.length - b.verdict.rules.length);
    return least === undefined || refusing.length < classes.length ? [] : [least];
  });
}

/** A dict's items as keywords; undefined for what is no dict, or has other keys than texts. */
function keywordsIn(value: PyValue | undefined): Values | undefined {
  if (value === undefined || !isDict(value)) return undefined;
  const items = [...value.index.values()];
  const named = items.flatMap(([key, item]) => (typeof key === "string" ? [[key, item] as const] : []));
  return named.length === items.length ? new Map(named) : undefined;
}
