import { existsSync } from "node:fs";
import { join } from "node:path";
import { isEngineId } from "@lem/domain";
import { readEngineVersions } from "@lem/engines";
import { BUCKETS, type Bucket } from "../src/ledger/ledger.ts";
import type { Score } from "../src/score/scorecard.ts";
import type { EngineCorpora, VersionCorpus } from "./corpora.ts";
import type { GeneratedPage } from "./generated-file.ts";

const CORPORA = join(import.meta.dirname, "../../../corpora");

/** engine_versions/<engine>.compat.json: which versions lem knows the rules of, and how well. */
export function compatFile({ engine, versions }: EngineCorpora): GeneratedPage {
  const { current = null, supported = [] } = isEngineId(engine) ? readEngineVersions(engine) : {};
  const mined = Object.fromEntries(versions.map((each) => [each.version, compatOf(engine, each)]));
  const unmined = supported.filter((version) => !Object.hasOwn(mined, version));
  const content = { schema_version: 1, engine, current, versions: mined, without_rules: unmined };
  return { path: `engine_versions/${engine}.compat.json`, text: `${JSON.stringify(content, null, 1)}\n` };
}

function compatOf(engine: string, { version, rules, ledger, quarantine, scorecard }: VersionCorpus): object {
  const { corpus } = rules;
  const all = Object.values(corpus.entries).flatMap((entry) => entry.rules);
  const buckets = Object.keys(BUCKETS) as Bucket[];
  return {
    source_sha256: corpus.source_sha256,
    validated_sha256: corpus.validated_sha256,
    profiles: Object.fromEntries(
      Object.entries(corpus.profiles).map(([name, { pretended }]) => [name, pretended === true ? "pretended" : "real"]),
    ),
    parameters: existsSync(join(CORPORA, engine, version, "schema.json")),
    classes: rules.entries.length,
    rules: counted(all.map(({ severity }) => severity)),
    quarantine,
    places: Object.fromEntries(buckets.map((each) => [each, ledger.sites.filter((s) => s.bucket === each).length])),
    scores: Object.fromEntries(
      Object.entries(scorecard?.groups ?? {}).map(([group, score]) => [group, figures(score)]),
    ),
  };
}

/** Refusals of typed keys, and the places each counted once. */
const figures = ({ strata: { typed }, sites }: Score): object => ({
  n: typed?.n ?? 0,
  precision: typed?.error.precision.value ?? null,
  recall: typed?.error.recall.value ?? null,
  false_rejects: typed?.error.false_positive.value ?? null,
  recall_of_places: sites.error.value,
});

const counted = (words: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(words.toSorted(), (word) => word)].map(([word, all]) => [word, all.length]));
