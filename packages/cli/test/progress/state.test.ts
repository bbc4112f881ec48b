import type { LemEvent } from "@lem/domain";
import { expect, test } from "vitest";
import { foldProgress, INITIAL_PROGRESS, progressLine, progressLines } from "../../src/progress/state.ts";

const fold = (events: readonly LemEvent[], nowMs = 0): string =>
  progressLine(
    events.reduce((state, event) => foldProgress(state, event, 0), INITIAL_PROGRESS),
    nowMs,
  );

const STARTED: LemEvent = {
  type: "experiment-started",
  experiment: "a1",
  name: "x",
  engine: "llama-cpp",
  model: "tiny",
};

test("shows the phase, its share, the rate and the time left", () => {
  const line = fold(
    [
      STARTED,
      { type: "phase-started", phase: "measure" },
      { type: "tokens", window: 2, done: 50, total: 100, tokens_per_second: 142.13 },
      { type: "power", watts: 311.6 },
    ],
    4000,
  );
  expect(line).toMatchInlineSnapshot(
    `"tiny on llama-cpp  measure  ████████░░░░░░░░ 50 %  window 2  142.1 tok/s  312 W  4 s left"`,
  );
});

test("a new phase forgets the share and rate of the one before", () => {
  const line = fold([
    STARTED,
    { type: "tokens", window: "warmup", done: 1, total: 2, tokens_per_second: 10 },
    { type: "phase-started", phase: "teardown" },
  ]);
  expect(line).toBe("tiny on llama-cpp  teardown");
});

test("a download of unknown size shows what came so far and no share", () => {
  const line = fold([{ type: "download-progress", name: "model.gguf", received_b: 2_500_000, total_b: null }]);
  expect(line).toBe("model.gguf 2.5 MB");
});

test("warm-up shows the way to convergence", () => {
  const line = fold([{ type: "warmup-run", run: 3, limit: 20, seconds: 1, cv: 0.081, target_cv: 0.05 }]);
  expect(line).toBe("run 3 of ≤ 20, CV 8.1 % → 5.0 %");
});

const IN_STUDY: readonly LemEvent[] = [
  { type: "study-progress", completed: 3, failed: 1, skipped: 0, left: 8, run_seconds: 30 },
  { type: "run-started", experiment: "a1", label: "batch_size=4", cycle: 2, attempt: 1 },
  STARTED,
  { type: "phase-started", phase: "load" },
];
const foldLines = (events: readonly LemEvent[], nowMs = 0): readonly string[] =>
  progressLines(
    events.reduce((state, event) => foldProgress(state, event, 0), INITIAL_PROGRESS),
    nowMs,
  );

test("a study shows the run at hand, how far it came, and what ended last", () => {
  const ended: LemEvent = {
    type: "experiment-finished",
    experiment: "a0",
    status: "completed",
    seconds: 41,
    output_tokens_per_second: 142.13,
    joules_per_output_token: 0.08521,
  };
  const before: LemEvent = { type: "run-started", experiment: "a0", label: "batch_size=2", cycle: 2, attempt: 1 };
  expect(foldLines([before, ended, ...IN_STUDY], 60_000)).toEqual([
    "tiny on llama-cpp  batch_size=4 cycle 2  load",
    "3 of 12 runs done · 1 failed · 8 left · about 3 min to go",
    "last: batch_size=2 cycle 2: 142.1 tok/s, 0.0852 J/output token, 41 s",
  ]);
});

test("a single experiment shows its own line only, and a failure its code", () => {
  const single: LemEvent = { type: "study-progress", completed: 0, failed: 0, skipped: 0, left: 1, run_seconds: null };
  expect(foldLines([single, STARTED])).toEqual(["tiny on llama-cpp"]);
  const failure = { code: "worker.crashed", message: "it ended" } as const;
  const failed: LemEvent = { type: "experiment-finished", experiment: "a1", status: "failed", seconds: 3, failure };
  expect(foldLines([...IN_STUDY, failed]).at(-1)).toBe("last: batch_size=4 cycle 2: failed (worker.crashed), 3 s");
});
