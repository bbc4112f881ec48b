import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LemError } from "@lem/domain";
import { loadCorpus } from "@lem/config/corpus";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import { findPackage } from "../javascript/find-package.ts";
import { inTurns, openOptionsProbes } from "../javascript/options-probe.ts";
import { scoredOptions } from "../javascript/scored-options.ts";
import { javaScriptTarget } from "../javascript/target-file.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { observe } from "../score/judge-classes.ts";
import { clustersText, scorecardText } from "../score/report.ts";
import { score } from "../score/score.ts";
import type { MinerIo } from "./command.ts";

/** What `score` was told of an engine that is a package for Node. */
export interface ScoreOptionsChoice {
  readonly engine: string;
  readonly version: string | undefined;
  readonly source: string | undefined;
  readonly corpora: string;
  readonly count: number;
  readonly seed: number;
  readonly entry: string;
  readonly writes: boolean;
  readonly worst: number;
  readonly json: boolean;
}

/** Holds the rules of an engine that is a package for Node against the engine itself. */
export async function scoreOptionsCommand(choice: ScoreOptionsChoice, io: MinerIo): Promise<number> {
  const { engine, version, source, corpora, count, seed, entry, json } = choice;
  if (version === undefined) throw new LemError("cli.usage", "--engine-version is needed");
  const rules = await loadCorpus(engine, { root: corpora, version });
  if (rules.status !== "exact")
    throw new LemError("config.corpus-missing", `there are no rules of ${engine} ${version} in ${corpora}`, {
      hint: `mine them first: pnpm mine --engine ${engine} --engine-version ${version}`,
    });
  const target = javaScriptTarget(engine);
  const { env, signal } = io;
  const found = await findPackage({ target, version, folder: source, env, signal });
  const ledgerFile = join(corpora, engine, version, "ledger.json");
  const ledger = existsSync(ledgerFile) ? (JSON.parse(readFileSync(ledgerFile, "utf8")) as Ledger) : undefined;
  const files = Object.fromEntries(ledger?.files.map(({ path, sha }) => [path, sha]) ?? []);
  const probes = await openOptionsProbes({ target, found, env, files, signal });
  try {
    const classes = scoredOptions(target, found.tree).filter(({ subject }) => subject.entry.endsWith(entry));
    const observations = await observe(classes, inTurns(probes), { count, seed });
    const scored = { engine, version, profile: "cpu", seed, observations, rules: rules.rules, older: {}, ledger };
    const { card, clusters } = score(scored);
    const file = join(corpora, engine, version, "scorecard.json");
    if (choice.writes) await writeFileAtomic(file, `${JSON.stringify(card, null, 1)}\n`);
    io.out(json ? `${JSON.stringify(card, null, 1)}\n` : scorecardText(card));
    io.err(clustersText(clusters, choice.worst));
    return 0;
  } finally {
    for (const probe of probes) await probe.close();
  }
}
