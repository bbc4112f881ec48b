import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { LemError } from "@lem/domain";
import { lemPaths, loadAdapter } from "@lem/engines";
import { describe, expect, it } from "vitest";
import { estimateFlops } from "../../src/flops/flops.ts";
import { RECORDED, recordedCounts, type TorchCounts } from "./torch-counts.ts";

const SCRIPT = join(import.meta.dirname, "flop_counter.py");
const MINUTES = 60_000;

/** Runs `flop_counter.py` in the installed engine, of the version that the recorded counts come from. */
async function countAgain(version: string): Promise<TorchCounts> {
  const { enginesDir, env } = { enginesDir: lemPaths(process.env).engines, env: process.env };
  const adapter = await loadAdapter("transformers");
  const found = await adapter.locate({ enginesDir, env, version });
  if (found.status === "missing") throw new LemError("engine.not-installed", `${found.reason}; ${found.hint}`);
  const options = { env: { ...env, ...found.command.env }, maxBuffer: 1 << 24, timeout: 8 * MINUTES };
  const { stdout } = await promisify(execFile)(found.command.file, [SCRIPT, RECORDED], options);
  return JSON.parse(stdout) as TorchCounts;
}

describe("FlopCounterMode of the installed engine", () => {
  it(
    "counts what was recorded, and what is computed, for every model",
    async () => {
      const recorded = recordedCounts();
      const counted = await countAgain(recorded.versions.transformers);
      expect(counted.cases).toEqual(recorded.cases);
      const computed = counted.cases.map(({ config, ...work }) => estimateFlops(config, work).executed.prefill);
      expect(computed).toEqual(counted.cases.map(({ counts }) => counts.prefill));
    },
    10 * MINUTES,
  );
});
