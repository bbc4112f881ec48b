import type { EngineId, ErrorCode } from "@lem/domain";
import { expect, test } from "vitest";
import { admit, afterRun, CLOSED_BREAKER, tried, type Breaker } from "../../src/breaker/breaker.ts";

const settings = { failures: 3, cooldown_s: 60 };
const at = (now_s: number): Parameters<typeof admit>[2] => ({ settings, now_s });

/** The breaker after runs of one engine, one a second; null is a run that completed. */
const after = (codes: readonly (ErrorCode | null)[], engine: EngineId = "vllm", start = CLOSED_BREAKER): Breaker =>
  codes.reduce((breaker, code, second) => afterRun(tried(breaker, engine), { engine, code }, at(second)), start);

test("it opens at the threshold, for its engine only, and waits for the cool-down", () => {
  expect(admit(after(["worker.crashed", "worker.crashed"]), "vllm", at(3))).toEqual({ verdict: "run" });
  const open = after(["worker.crashed", "worker.crashed", "worker.crashed"]);
  expect(admit(open, "vllm", at(12))).toEqual({ verdict: "wait", seconds: 50, code: "worker.crashed" });
  expect(admit(open, "llama-cpp", at(12))).toEqual({ verdict: "run" });
  expect(admit(open, "vllm", at(62))).toEqual({ verdict: "run" });
});

test("failures with different codes, or with a success between, do not add up", () => {
  const mixed = after(["worker.crashed", "worker.crashed", "worker.silent", "worker.crashed"]);
  expect(admit(mixed, "vllm", at(5))).toEqual({ verdict: "run" });
  const interrupted = after(["worker.crashed", "worker.crashed", null, "worker.crashed"]);
  expect(admit(interrupted, "vllm", at(5))).toEqual({ verdict: "run" });
});

test("half-open: one run is tried; its failure gives the engine up, its success closes the circuit", () => {
  const open = after(["worker.crashed", "worker.crashed", "worker.crashed"]);
  const halfOpen = tried(open, "vllm");
  const failed = afterRun(halfOpen, { engine: "vllm", code: "worker.crashed" }, at(70));
  expect(admit(failed, "vllm", at(1000))).toEqual({ verdict: "skip", code: "worker.crashed", failures: 4 });
  const mended = afterRun(halfOpen, { engine: "vllm", code: null }, at(70));
  expect(admit(mended, "vllm", at(71))).toEqual({ verdict: "run" });
});

test("a threshold of one tries nothing again; of zero it never opens", () => {
  const once = { settings: { failures: 1, cooldown_s: 0 }, now_s: 0 };
  const tripped = afterRun(CLOSED_BREAKER, { engine: "vllm", code: "worker.failed" }, once);
  expect(admit(tripped, "vllm", once)).toMatchObject({ verdict: "skip" });
  const never = { settings: { failures: 0, cooldown_s: 0 }, now_s: 0 };
  const many = Array.from({ length: 50 }).reduce<Breaker>(
    (breaker) => afterRun(breaker, { engine: "vllm", code: "worker.failed" }, never),
    CLOSED_BREAKER,
  );
  expect(admit(many, "vllm", never)).toEqual({ verdict: "run" });
});
