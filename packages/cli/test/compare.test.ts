import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

test("two runs of the same are compared, and one alone is refused", { timeout: 120_000 }, async () => {
  const cwd = mkdtempSync(join(tmpdir(), "lem-compare-"));
  try {
    const lem = async (...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
      const io = captureIo({ cwd, env: process.env });
      const code = await runCli(argv, io);
      return { code, out: io.out(), err: io.err() };
    };
    const work = ["workload.n=1", "workload.output_tokens=4", "measurement.windows=3"].flatMap((each) => [
      "--set",
      each,
    ]);
    const run = async (): Promise<string> =>
      (await lem("run", "--quiet", "--yes", "--model", "builtin:tiny", ...work)).out.trim();
    const [first, second] = [await run(), await run()];

    const shown = await lem("results", "compare", first, second);
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/output throughput .* → .* \(95 %: /);

    const [json] = JSON.parse((await lem("results", "compare", "--json", first, second)).out) as [
      { metrics: unknown[] },
    ];
    expect(json.metrics).toContainEqual(
      expect.objectContaining({
        tag: "output_tokens_per_second",
        outcome: expect.objectContaining({ status: "compared", distinguishable: expect.any(Boolean) }),
      }),
    );

    const alone = await lem("results", "compare", first);
    expect(alone.code).toBe(2);
    expect(alone.err).toContain("one result to compare");
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
