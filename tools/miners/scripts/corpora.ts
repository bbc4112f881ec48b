import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadCorpus } from "@lem/config/corpus";
import { yamlToTagged } from "@lem/config/invariants";
import type { Ledger } from "../src/ledger/ledger.ts";
import type { Scorecard } from "../src/score/score.ts";
import { javaScriptTargets } from "../src/javascript/target-file.ts";
import { allTargets } from "../src/targets/targets.ts";
import type { EngineRules } from "./invariants-page.ts";

const ROOT = join(import.meta.dirname, "../../../corpora");

/** Everything that mining one version of an engine left behind. */
export interface VersionCorpus {
  readonly version: string;
  readonly rules: EngineRules["versions"][number]["rules"];
  readonly ledger: Ledger;
  /** Candidates that are no rules, by their reason. */
  readonly quarantine: Readonly<Record<string, number>>;
  readonly scorecard: Scorecard | undefined;
}

/** What there is of one engine. */
export interface EngineCorpora {
  readonly engine: string;
  readonly versions: readonly VersionCorpus[];
}

/** Every engine that can be mined, with its versions, oldest first. */
export const corpora = (): Promise<readonly EngineCorpora[]> =>
  Promise.all(minedEngines().map(async (engine) => ({ engine, versions: await versionsOf(engine) })));

/** The names of all engines that have a target. */
export const minedEngines = (): readonly string[] =>
  [...allTargets(), ...javaScriptTargets()].map(({ engine }) => engine).toSorted();

async function versionsOf(engine: string): Promise<readonly VersionCorpus[]> {
  const versions = globSync(`${engine}/*/invariants.json`, { cwd: ROOT })
    .map((file) => dirname(file).slice(engine.length + 1))
    .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return Promise.all(versions.map((version) => corpusOf(engine, version)));
}

async function corpusOf(engine: string, version: string): Promise<VersionCorpus> {
  const found = await loadCorpus(engine, { version, root: ROOT });
  const folder = join(ROOT, engine, version);
  const scorecard = join(folder, "scorecard.json");
  if (found.status === "missing") throw new Error(`no rules in ${folder}`);
  return {
    version,
    rules: found.rules,
    ledger: readJson<Ledger>(join(folder, "ledger.json")),
    quarantine: reasonsIn(join(folder, "quarantine.yaml")),
    scorecard: existsSync(scorecard) ? readJson<Scorecard>(scorecard) : undefined,
  };
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;

function reasonsIn(file: string): Readonly<Record<string, number>> {
  const { quarantine } = yamlToTagged(readFileSync(file, "utf8")) as { quarantine: readonly { reason: string }[] };
  const counts = Map.groupBy(quarantine, ({ reason }) => reason);
  return Object.fromEntries([...counts].map(([reason, all]) => [reason, all.length] as const));
}
