import type { JsonObject } from "@lem/domain";
import type { SaidOfKeys } from "@lem/engines";

/** A rule that holds for a section as given. */
export interface ForeseenRule {
  readonly fields: readonly string[];
  /** Path and function that the rule was mined from. */
  readonly path: string;
  readonly qualname: string;
}

/** What the rules of a class say of a section as given. */
export interface Foresight {
  /** The class, by its public name. */
  readonly entry: string;
  readonly rules: readonly ForeseenRule[];
  /** Values that the engine will hold in place of the given ones, tagged, by field. */
  readonly effective: JsonObject;
}

/** Asks the rules about a section; undefined where they have no class for it. */
export type Foresee = (section: string, given: JsonObject) => Foresight | undefined;

/**
 * The fields of which no rule foresaw that the engine would speak; undefined when all was foreseen. One function may
 * speak of several things at once, and from another line than the one that a rule stands for: so the rules of the
 * function count, each for its own fields.
 */
export function unforeseenFields(
  { fields, place }: Pick<SaidOfKeys, "fields" | "place">,
  foresight: Foresight | undefined,
): readonly string[] | undefined {
  const rules = foresight?.rules.filter(({ path, qualname }) => path === place.path && qualname === place.qualname);
  if (rules === undefined || rules.length === 0) return fields;
  const foreseen = new Set(rules.flatMap((rule) => rule.fields));
  const rest = fields.filter((field) => !foreseen.has(field));
  return rest.length === 0 ? undefined : rest;
}
