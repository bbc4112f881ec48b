import type { ExecutionSettings } from "@lem/config";
import type { EngineId, ErrorCode } from "@lem/domain";

/** How a breaker trips. */
export type BreakerSettings = ExecutionSettings["breaker"];

/** The failures in a row of one engine with one code. */
interface Circuit {
  readonly failures: number;
  /** `open`: not tried until the cool-down is over; `half-open`: one run is being tried; `tripped`: given up. */
  readonly state: "closed" | "open" | "half-open" | "tripped";
  /** Seconds on the study's monotonic clock. */
  readonly opened_s: number;
}

/** All circuits, by engine and failure code. */
export type Breaker = ReadonlyMap<string, Circuit>;

/** What the breaker says about the next run of an engine. */
export type Admission =
  | { readonly verdict: "run" }
  | { readonly verdict: "wait"; readonly seconds: number; readonly code: ErrorCode }
  | { readonly verdict: "skip"; readonly code: ErrorCode; readonly failures: number };

/** All circuits closed. */
export const CLOSED_BREAKER: Breaker = new Map();

const keyOf = (engine: EngineId, code: ErrorCode): string => `${engine} ${code}`;
const codesOf = (breaker: Breaker, engine: EngineId): readonly (readonly [ErrorCode, Circuit])[] =>
  [...breaker].flatMap(([key, circuit]) =>
    key.startsWith(`${engine} `) ? [[key.slice(engine.length + 1) as ErrorCode, circuit] as const] : [],
  );

/** Whether an engine's next run may start; pure. */
export function admit(
  breaker: Breaker,
  engine: EngineId,
  { settings, now_s }: { readonly settings: BreakerSettings; readonly now_s: number },
): Admission {
  const circuits = codesOf(breaker, engine);
  const tripped = circuits.find(([, { state }]) => state === "tripped");
  if (tripped !== undefined) return { verdict: "skip", code: tripped[0], failures: tripped[1].failures };
  const waits = circuits
    .filter(([, { state }]) => state === "open")
    .map(([code, { opened_s }]) => ({ code, seconds: opened_s + settings.cooldown_s - now_s }))
    .toSorted((a, b) => b.seconds - a.seconds);
  const [longest] = waits;
  return longest !== undefined && longest.seconds > 0 ? { verdict: "wait", ...longest } : { verdict: "run" };
}

/** The breaker when a run starts: what was open is tried once; pure. */
export function tried(breaker: Breaker, engine: EngineId): Breaker {
  const next = new Map(breaker);
  for (const [code, circuit] of codesOf(breaker, engine))
    if (circuit.state === "open") next.set(keyOf(engine, code), { ...circuit, state: "half-open" });
  return next;
}

/** The breaker after a run; `code` is null when it completed; pure. */
export function afterRun(
  breaker: Breaker,
  run: { readonly engine: EngineId; readonly code: ErrorCode | null },
  { settings, now_s }: { readonly settings: BreakerSettings; readonly now_s: number },
): Breaker {
  const { engine, code } = run;
  const next = new Map(breaker);
  for (const [other] of codesOf(breaker, engine)) if (other !== code) next.delete(keyOf(engine, other));
  if (code === null || settings.failures === 0) return next;
  const before = breaker.get(keyOf(engine, code)) ?? { failures: 0, state: "closed", opened_s: now_s };
  const failures = before.failures + 1;
  next.set(keyOf(engine, code), { failures, state: stateAfter(before, failures, settings), opened_s: now_s });
  return next;
}

/** With a threshold of one nothing is tried again: it is how a study says that it wants to stop at once. */
function stateAfter(before: Circuit, failures: number, settings: BreakerSettings): Circuit["state"] {
  if (failures < settings.failures) return "closed";
  return before.state === "half-open" || settings.failures === 1 ? "tripped" : "open";
}
