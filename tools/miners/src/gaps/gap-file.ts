import { existsSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, MOST_EXAMPLES, type GapGroup } from "@lem/domain";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { GapFinding } from "./gap-candidates.ts";
import { readGaps } from "./read-gaps.ts";

const FILE = "gaps.json";

/** The gaps that earlier runs of the miner were given for an engine version: each run tries them again. @throws LemError `mine.gaps` */
export async function keptGaps(folder: string): Promise<readonly GapGroup[]> {
  const file = join(folder, FILE);
  return existsSync(file) ? readGaps(file) : [];
}

/** Keeps gaps beside the rules, each with what became of it. @throws LemError `io.*` */
export async function keepGaps(
  folder: string,
  gaps: readonly GapGroup[],
  findings: readonly GapFinding[],
): Promise<void> {
  if (gaps.length === 0) return;
  const outcomes = new Map(findings.map(({ gap, outcome }) => [gap, outcome]));
  const kept = gaps.map((gap) => ({ ...gap, outcome: outcomes.get(gap) ?? null }));
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify({ schema_version: 1, gaps: kept }, null, 1)}\n`);
}

/** Two lists as one: the same gap once, with the examples of both. */
export function mergeGaps(known: readonly GapGroup[], fresh: readonly GapGroup[]): readonly GapGroup[] {
  const merged = new Map<string, GapGroup>();
  for (const gap of [...known, ...fresh]) {
    const { count, examples, engine_version: _, ...what } = gap;
    const key = canonicalJson(what);
    const before = merged.get(key);
    const all = [...(before?.examples ?? []), ...examples];
    const distinct = [...new Map(all.map((given) => [canonicalJson(given), given])).values()];
    const seen = Math.max(before?.count ?? 0, count);
    merged.set(key, { ...(before ?? gap), count: seen, examples: distinct.slice(0, MOST_EXAMPLES) });
  }
  return [...merged.values()];
}
