import { join } from "node:path";
import { LemError } from "@lem/domain";
import { entryReport, mineReport } from "../emit/report.ts";
import { keptGaps, mergeGaps } from "../gaps/gap-file.ts";
import { gapReport } from "../gaps/gap-report.ts";
import { readGaps } from "../gaps/read-gaps.ts";
import { findPackage } from "../javascript/find-package.ts";
import { mineOptions, type OptionsMineRequest } from "../javascript/mine-options.ts";
import { javaScriptTarget } from "../javascript/target-file.ts";
import type { MinerIo } from "./command.ts";

/** What `mine` was told of an engine that is a package for Node. */
export interface MineOptionsChoice {
  readonly engine: string;
  readonly version: string | undefined;
  readonly source: string | undefined;
  readonly out: string;
  readonly seed: number;
  readonly only: string | undefined;
  readonly gaps: string | undefined;
  readonly force: boolean;
}

/** Mines a version of an engine that is a package for Node into its corpus. */
export async function mineOptionsCommand(choice: MineOptionsChoice, io: MinerIo): Promise<number> {
  const { engine, version, source, out, seed, only, force } = choice;
  if (version === undefined) throw new LemError("cli.usage", "--engine-version is needed");
  const target = javaScriptTarget(engine);
  const { env, signal } = io;
  const found = await findPackage({ target, version, folder: source, env, signal });
  const corpus = join(out, engine, version);
  const fresh = choice.gaps === undefined ? [] : await readGaps(choice.gaps);
  const request: OptionsMineRequest = {
    target,
    found,
    env,
    folder: only === undefined ? corpus : null,
    seed,
    force,
    only,
    gaps: mergeGaps(
      await keptGaps(corpus),
      fresh.filter((gap) => gap.engine === engine),
    ),
    signal,
    onEntry: (entry, seconds, profile) => io.err(`${profile}: ${entryReport(entry, seconds)}`),
  };
  const outcome = await mineOptions(request);
  if (outcome.kind === "unchanged") io.out(`${engine} ${version}: nothing has changed\n`);
  else io.out(mineReport(outcome.mined) + gapReport(request.gaps, outcome));
  return 0;
}
