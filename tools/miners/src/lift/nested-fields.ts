import type { CoreShape, DescribeAnswer } from "../probe/description.ts";

/** Dotted name of a class by its module to the entry that it is. */
export type EntryOfClass = ReadonlyMap<string, string>;

/** The entries among described classes, by the names of their live classes. */
export const entriesByClass = (described: readonly DescribeAnswer[]): EntryOfClass =>
  new Map(described.flatMap((each) => (each.kind === "described" ? [[each.class, each.entry] as const] : [])));

/**
 * Fields in whose place a dict of another entry's keywords may stand, with the entries that it is tried with: one of
 * them must take it. Only fields that take no other dicts, and whose models are all entries.
 */
export function nestedFields(
  description: DescribeAnswer,
  entries: EntryOfClass,
): Readonly<Record<string, readonly string[]>> {
  if (description.kind !== "described" || description.core === null) return {};
  const fields = description.core.fields.filter(({ init, plainAlias }) => init && plainAlias);
  return Object.fromEntries(
    fields.flatMap(({ name, alias, schema }) => {
      const found = modelsIn(schema)?.map((each) => entries.get(each));
      if (found === undefined || found.length === 0 || found.includes(undefined)) return [];
      return [[alias ?? name, found as readonly string[]] as const];
    }),
  );
}

/** Types that take no dict. */
const WITHOUT_DICTS: readonly CoreShape["type"][] = ["none", "bool", "int", "float", "str", "bytes", "literal"];

/** The models that a type makes of dicts; undefined where it takes a dict in another way, or that is not known. */
function modelsIn(shape: CoreShape): readonly string[] | undefined {
  if (WITHOUT_DICTS.includes(shape.type)) return [];
  if (shape.type === "nested") return [shape.class];
  if (shape.type === "nullable") return modelsIn(shape.of);
  if (shape.type === "function-after") return shape.of === undefined ? undefined : modelsIn(shape.of);
  if (shape.type !== "union") return undefined;
  const found = shape.of.map(modelsIn);
  return found.every((each) => each !== undefined) ? found.flat() : undefined;
}
