import { loadCorpus, type CorpusLookup, type CorpusOptions, type EntryVerdict } from "@lem/config";
import { isLemError, type EngineId, type JsonObject } from "@lem/domain";
import type { Foresee, Foresight } from "./foresight.ts";

/**
 * The rules of an engine version, or of the nearest one, as what they foresee.
 * @throws LemError `config.corpus-invalid`, `config.schema-version`
 */
export async function foreseeBy(engine: EngineId, options: CorpusOptions): Promise<Foresee> {
  const found = await loadCorpus(engine, options);
  if (found.status === "missing") return () => undefined;
  const { encodeValue } = await import("@lem/config/invariants");
  return (section, given) => {
    const chosen = found.rules.sectionEntry(section, (key) => given[key]);
    if (chosen === undefined) return undefined;
    const { entry, key } = chosen;
    const keywords = Object.fromEntries(Object.entries(given).filter(([name]) => name !== key));
    const verdict = judge(found, entry, keywords);
    if (verdict === undefined || verdict.verdict === "unsupported") return undefined;
    const effective = [...verdict.effective].map(([field, value]) => [field, encodeValue(value)] as const);
    return { entry, rules: placesOf(found, entry, verdict), effective: Object.fromEntries(effective) };
  };
}

type FoundRules = Extract<CorpusLookup, { readonly rules: unknown }>;

/** A value that no rule can be asked about is left to the engine. */
function judge({ rules }: FoundRules, entry: string, set: JsonObject): EntryVerdict | undefined {
  try {
    return rules.evaluate({ entry, set });
  } catch (error) {
    if (isLemError(error)) return undefined;
    throw error;
  }
}

function placesOf({ rules }: FoundRules, entry: string, verdict: EntryVerdict): Foresight["rules"] {
  const fired = new Set(verdict.rules.map(({ id }) => id));
  const known = rules.corpus.entries[entry]?.rules ?? [];
  return known
    .filter(({ id }) => fired.has(id))
    .map(({ fields, source }) => ({ fields, path: source.path, qualname: source.qualname }));
}
