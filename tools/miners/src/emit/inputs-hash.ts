import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256, type GapGroup } from "@lem/domain";

const MINER = join(import.meta.dirname, "../..");

/** A hash over the miner itself: its program, its probe and its targets. */
export function minerHash(): string {
  const files = globSync(["src/**/*.ts", "probe/*.py", "targets/*.yaml"], { cwd: MINER }).toSorted();
  return sha256(canonicalJson(files.map((file) => [file, sha256(readFileSync(join(MINER, file)))])));
}

/** A hash over all that a corpus depends on. */
export const inputsHash = (inputs: {
  readonly source: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly profile: string;
  readonly seed: number;
  readonly gaps: readonly GapGroup[];
}): string => sha256(canonicalJson({ ...inputs, miner: minerHash() }));
