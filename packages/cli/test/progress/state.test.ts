import type { LemEvent } from "@lem/domain";
import { expect, test } from "vitest";
import { foldProgress, INITIAL_PROGRESS, progressLine } from "../../src/progress/state.ts";

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
