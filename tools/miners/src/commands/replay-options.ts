import { loadCorpus } from "@lem/config/corpus";
import { findPackage } from "../javascript/find-package.ts";
import { openOptionsProbes } from "../javascript/options-probe.ts";
import { javaScriptTarget } from "../javascript/target-file.ts";
import { replayClass, type ReplayedRule } from "../replay/replay.ts";
import type { MinerIo } from "./command.ts";

/** What `replay` was told of an engine that is a package for Node. */
export interface ReplayOptionsChoice {
  readonly engine: string;
  readonly version: string;
  readonly source: string | undefined;
  readonly corpora: string;
}

/** The kind of machine that such an engine is mined on. */
const PROFILE = "cpu";

/** Tries each rule of an engine that is a package for Node again; undefined where it has no rules. */
export async function replayOptions(
  { engine, version, source, corpora }: ReplayOptionsChoice,
  { env, signal }: MinerIo,
): Promise<Readonly<Record<string, readonly ReplayedRule[]>> | undefined> {
  const known = await loadCorpus(engine, { root: corpora, version });
  if (known.status !== "exact") return undefined;
  const { rules } = known;
  const target = javaScriptTarget(engine);
  const found = await findPackage({ target, version, folder: source, env, signal });
  const probes = await openOptionsProbes({ target, found, env, signal });
  try {
    const replayed: ReplayedRule[] = [];
    for (const entry of rules.entries)
      replayed.push(...(await replayClass(rules, { entry, calls: [] }, { probe: probes[0], profile: PROFILE })));
    return { [PROFILE]: replayed };
  } finally {
    for (const probe of probes) await probe.close();
  }
}
