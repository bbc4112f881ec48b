import { expect, test } from "vitest";
import type { ExperimentResult } from "@lem/domain";
import { summaryLines } from "../src/summary.ts";
import { reading, resultOf } from "./result-of.ts";

const screen = (changes: Partial<ExperimentResult> = {}): string => summaryLines(resultOf(changes)).join("\n");

test("figures of a result that contradicts itself are withheld, and the reason is shown", () => {
  const finding = { code: "quality.contradiction", severity: "invalid", message: "p50 above p99" } as const;
  const shown = screen({ quality: { verdict: "invalid", findings: [finding] } });
  expect(screen()).toContain("1,234");
  expect(shown).not.toContain("1,234");
  expect(shown).toContain("INVALID, figures withheld");
  expect(shown).toContain("p50 above p99   quality.contradiction");
});

test("TPOT is shown as its mean where there are too few requests for a median", () => {
  expect(screen()).toContain("17.0 ms TPOT mean");
});

test("the work is told as it was: means of unequal lengths, and no more side by side than there are requests", () => {
  const [headline] = summaryLines(resultOf());
  expect(headline).toContain("4 prompts × ~11 in / 8 out, 4 at a time");
  const { workload } = resultOf();
  expect(screen({ workload: workload && { ...workload, batching: "dynamic" } })).toContain(
    "2 dynamic batches at a time",
  );
});

test("energy names the domains that it adds up, and says when it is replayed", () => {
  const source = "gpu0 + cpu-package-0: replay of ring on board";
  const energy = {
    total_j: reading(30, "J", source),
    "total_j.gpu0": reading(20, "J", source),
    "total_j.cpu-package-0": reading(10, "J", source),
    joules_per_output_token: reading(2, "J/token", source),
  };
  expect(screen({ energy })).toContain("30.0 J in all · gpu0 + cpu-package-0 · REPLAYED, not of this run");
});

test("a device is named where the model was not on the processor", () => {
  const [onGpu] = summaryLines(resultOf({ engine: { name: "llama-cpp", version: "3", devices: ["NVIDIA H100"] } }));
  expect(onGpu).toContain("on llama-cpp 3 (NVIDIA H100)");
  const [onCpu] = summaryLines(resultOf({ engine: { name: "llama-cpp", version: "3", devices: ["cpu"] } }));
  expect(onCpu).not.toContain("cpu)");
});

test("an interrupted experiment did not fail", () => {
  const failure = { phase: "measure", code: "run.interrupted", message: "stopped", log_tail: [] } as const;
  expect(screen({ status: "interrupted", failure })).toContain("interrupted in measure: stopped");
});

test("the aggregate of several cycles says that its intervals are over cycles", () => {
  const cycle = { status: "completed", ranks: 1, started_at: "2026-11-22T00:00:00Z" } as const;
  const cycles = [1, 2, 3].map((each) => ({ ...cycle, cycle: each }));
  const [headline = ""] = summaryLines(resultOf({ repeats: { cycles, figures: {} } }));
  expect(headline).toContain("3 cycles");
});
