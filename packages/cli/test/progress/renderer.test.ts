import type { LemEvent } from "@lem/domain";
import { expect, test } from "vitest";
import { openProgress, progressMode } from "../../src/progress/renderer.ts";
import { captureIo } from "../capture-io.ts";

const FALLBACK: LemEvent = {
  type: "model-fallback",
  requested: "smollm2-135m",
  used: "builtin:tiny",
  code: "model.no-source",
  detail: "no source answers",
};
const WINDOW: LemEvent = { type: "window-finished", window: 1, of: 3, seconds: 2, output_tokens_per_second: 64 };
const TOKENS: LemEvent = { type: "tokens", window: 1, done: 1, total: 2, tokens_per_second: 3 };

test("plain mode writes one line for a telling event, none for mere progress, and no control characters", () => {
  const io = captureIo();
  const { emit, close } = openProgress(io, "plain");
  [WINDOW, TOKENS].forEach(emit);
  close();
  expect(io.err()).toBe("window 1 of 3: 2.00 s, 64.0 tok/s\n");
});

test("ndjson mode writes every event as JSON", () => {
  const io = captureIo();
  openProgress(io, "ndjson").emit(TOKENS);
  expect(JSON.parse(io.err())).toEqual(TOKENS);
});

test("quiet mode still says that another model is used", () => {
  const io = captureIo();
  const { emit } = openProgress(io, "quiet");
  [WINDOW, FALLBACK].forEach(emit);
  expect(io.err()).toContain("smollm2-135m is not to be had here, using builtin:tiny");
  expect(io.err()).not.toContain("window");
});

test("live mode clears its line when it is closed", () => {
  const io = captureIo({ interactive: true });
  const { emit, close } = openProgress(io, "live");
  emit(FALLBACK);
  close();
  expect(io.err().endsWith("\r\u001B[2K")).toBe(true);
});

test("the mode follows the flags, then the terminal", () => {
  const flags = { quiet: false, json: false, verbose: false };
  expect(progressMode(captureIo({ interactive: true }), flags)).toBe("live");
  expect(progressMode(captureIo(), flags)).toBe("plain");
  expect(progressMode(captureIo({ interactive: true }), { ...flags, json: true })).toBe("ndjson");
  expect(progressMode(captureIo({ interactive: true }), { ...flags, quiet: true, json: true })).toBe("quiet");
});

test("live mode draws the lines of a study in place, and leaves nothing of them", { timeout: 10_000 }, async () => {
  const io = captureIo({ interactive: true });
  const { emit, close } = openProgress(io, "live");
  emit({ type: "study-progress", completed: 1, failed: 0, skipped: 0, left: 3, run_seconds: 2 });
  await expect.poll(() => io.err()).toContain("1 of 4 runs done");
  close();
  expect(io.err().endsWith("\r\u001B[2K\u001B[A\r\u001B[2K")).toBe(true);
});
