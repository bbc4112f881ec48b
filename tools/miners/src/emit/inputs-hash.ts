import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256, type GapGroup } from "@lem/domain";

const MINER = join(import.meta.dirname, "../..");

/** Parts that only measure, print or call. */
const ASIDE = [
  "src/score/**",
  "src/replay/**",
  "src/refresh/**",
  "src/image/**",
  "src/commands/**",
  "src/cli.ts",
  "src/command.ts",
  "src/index.ts",
  "src/emit/report.ts",
];

/** A hash over the miner itself: its program, its probe and the target. */
function minerHash(engine: string): string {
  const patterns = ["src/**/*.ts", "probe/*.py", "probe/node/*.ts", `targets/{,javascript/}${engine}.yaml`];
  const files = globSync(patterns, { cwd: MINER, exclude: ASIDE }).toSorted();
  return sha256(canonicalJson(files.map((file) => [file, sha256(readFileSync(join(MINER, file)))])));
}

/** A hash over all that a corpus depends on; the pip that fetched the packages is none of it. */
export const inputsHash = (inputs: {
  readonly engine: string;
  readonly source: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly profile: string;
  readonly seed: number;
  readonly gaps: readonly GapGroup[];
}): string => {
  const { pip: _, ...packages } = inputs.packages;
  return sha256(canonicalJson({ ...inputs, packages, miner: minerHash(inputs.engine) }));
};
