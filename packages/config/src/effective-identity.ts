import type { JsonObject, JsonValue } from "@lem/domain";
import type { ChangedField, NeutralField } from "./corpus/section.ts";
import type { ResolvedExperiment } from "./experiment.ts";
import { workerSections } from "./sections.ts";

/** What the engine makes of given values. */
export interface EngineReading {
  readonly changed: readonly ChangedField[];
  readonly neutral: readonly NeutralField[];
}

/**
 * What identifies an experiment once the engine has put its own values in place of given ones. A field that then has
 * the value that it has without being given is left out, so that the two experiments are the same.
 */
export function effectiveIdentity(experiment: ResolvedExperiment, { changed, neutral }: EngineReading): JsonObject {
  const { name: _, floats: __, ...identity } = experiment;
  const sections = Object.entries(workerSections(experiment)).map(([section, keys]) => {
    const own = (each: NeutralField): boolean => each.section === section;
    return [section, effectiveSection(keys, changed.filter(own), neutral.filter(own))] as const;
  });
  return { ...identity, sections: Object.fromEntries(sections) } as unknown as JsonObject;
}

function effectiveSection(
  keys: JsonObject,
  changes: readonly ChangedField[],
  neutral: readonly NeutralField[],
): JsonObject {
  const gone = new Set([...changes, ...neutral].map(({ field }) => field));
  const stay = Object.entries(keys).filter(([key]) => !gone.has(key));
  const changed = changes
    .filter(({ isDefault }) => !isDefault)
    .map(({ field, effective }) => [field, withPlainFloats(effective)] as const);
  return Object.fromEntries([...stay, ...changed]);
}

/** Floats that JSON can tell from integers stand as they do in the sections. */
function withPlainFloats(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withPlainFloats);
  if (value === null || typeof value !== "object") return value;
  const { $py: type, value: held } = value as { readonly $py?: JsonValue; readonly value?: JsonValue };
  const number = type === "float" ? Number(held) : Number.NaN;
  if (Number.isFinite(number) && !Number.isInteger(number)) return number;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPlainFloats(inner)]));
}
