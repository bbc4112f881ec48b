import { loadCorpus, type CorpusLookup, type EntryVerdict } from "@lem/config";
import { isLemError, type EngineId, type JsonObject } from "@lem/domain";
import type { Foresee, Foresight } from "./foresight.ts";

/** The rules of an engine version, or of the nearest one, as what they foresee. @throws LemError `config.*` for damaged ones */
export async function foreseeBy(engine: EngineId, version: string): Promise<Foresee> {
  const found = await loadCorpus(engine, { version });
  if (found.status === "missing") return () => undefined;
  const { encodeValue } = await import("@lem/config/invariants");
  return (section, given) => {
    const entry = entryOf(found.rules.corpus.sections[section], given);
    const verdict = entry === undefined ? undefined : judge(found, entry, given);
    if (entry === undefined || verdict === undefined || verdict.verdict === "unsupported") return undefined;
    const effective = [...verdict.effective].map(([field, value]) => [field, encodeValue(value)] as const);
    return { entry, rules: placesOf(found, entry, verdict), effective: Object.fromEntries(effective) };
  };
}

type FoundRules = Extract<CorpusLookup, { readonly rules: unknown }>;
type SectionEntries = FoundRules["rules"]["corpus"]["sections"][string];

/** The class that a section constructs: the section's own, or the one that the value of its key picks. */
function entryOf(entries: SectionEntries | undefined, given: JsonObject): string | undefined {
  if (entries === undefined || typeof entries === "string") return entries;
  const chosen = given[entries.key];
  return typeof chosen === "string" ? entries.entries[chosen] : undefined;
}

/** What holds is no rule of such a value: the engine will say more about it. */
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
