import { encodeValue } from "../../src/invariants/index.ts";
import { loadCorpus } from "../../src/corpora.ts";
import { readRuleSet, type RuleSet } from "../../src/corpus/rule-set.ts";
import type { Corpus, CorpusEntry } from "../../src/corpus/corpus.ts";
import type { EntryVerdict } from "../../src/corpus/verdict.ts";
import { RULES } from "../support/project.ts";

/** The rules of the fixture. */
export async function fixtureRules(): Promise<RuleSet> {
  const found = await loadCorpus("transformers", { root: RULES, version: "5.23.0" });
  if (found.status === "missing") throw new Error("the fixture has no rules");
  return found.rules;
}

/** Rules of one class `x.C`, where nothing else matters. */
export function rulesOf(entry: Partial<CorpusEntry>, corpus: Partial<Corpus> = {}): RuleSet {
  const whole: Corpus = {
    schema_version: 1,
    engine: "vllm",
    engine_version: "1.0",
    source_sha256: "",
    validated_sha256: "",
    profiles: {},
    domains: {},
    sections: {},
    entries: { "x.C": { defaults: {}, required: [], unknown_keys: "accept", rules: [], effective: {}, ...entry } },
    ...corpus,
  };
  return readRuleSet(JSON.stringify(whole), { engine: "vllm", version: "1.0", file: "invariants.json" });
}

/** A rule that is only its condition. */
export const rule = (
  id: string,
  severity: "error" | "warn" | "dormant",
  when: unknown,
  fields: readonly string[] = ["a"],
): CorpusEntry["rules"][number] => ({
  id,
  severity,
  fields,
  when,
  exception: null,
  added_by: "manual_seed",
  evidence: null,
  source: { path: "x.py", qualname: "C.__init__", line: 1, sha: "" },
});

/** A verdict in one line: kind, ids of the rules, changes. */
export function said({ verdict, rules, effective, abstained }: EntryVerdict): string {
  const ids = rules.map(({ id, severity }) => ` ${id.split(".").at(-1)}:${severity}`);
  const changes = [...effective].map(([name, value]) => ` ${name}=${JSON.stringify(encodeValue(value))}`);
  return `${verdict}${ids.join("")}${changes.join("")}${abstained > 0 ? ` ?${abstained}` : ""}`;
}
