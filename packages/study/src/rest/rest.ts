import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionSettings } from "@lem/config";
import type { Emit } from "@lem/domain";
import type { RunSlot } from "../plan/plan.ts";

/** A pause before a run. */
export interface Rest {
  /** Seconds that it takes at least. */
  readonly seconds: number;
  /** Temperature in °C that the hottest GPU must have fallen to, or that of the study's start; null: by time only. */
  readonly until_c: number | "start" | null;
  /** Seconds after which it ends although the GPUs are hotter. */
  readonly limit_s: number;
}

/** What resting works with. */
export interface RestOptions {
  /** Temperature of the hottest GPU in °C; undefined where none can be read. */
  readonly hottest: () => Promise<number | undefined>;
  /** What it was at the start of the study. */
  readonly start_c: number | undefined;
  readonly emit: Emit;
  /** Aborting ends the rest. */
  readonly signal: AbortSignal;
  /** Seconds between two looks at the temperature. */
  readonly look_s?: number;
}

/** What decides about pauses. */
export type RestSettings = Pick<ExecutionSettings, "gap" | "force_cold_start">;

/**
 * The pause between two runs: that of a cycle when a later cycle begins, otherwise that of an experiment. A cold start
 * waits until the GPUs are as cool as the study found them, unless a temperature is given.
 */
export function restBetween(
  previous: Pick<RunSlot, "cycle">,
  next: Pick<RunSlot, "cycle">,
  { gap: { experiment_s, cycle_s, until_c, limit_s }, force_cold_start }: RestSettings,
): Rest {
  const seconds = next.cycle > previous.cycle ? cycle_s : experiment_s;
  return { seconds, until_c: until_c ?? (force_cold_start ? "start" : null), limit_s };
}

/** Lets time pass, and then the GPUs cool: until they are cool enough, or the limit is reached, whichever is first. */
export async function takeRest(rest: Rest, options: RestOptions): Promise<void> {
  const began = performance.now();
  const { emit } = options;
  if (rest.seconds > 0) {
    emit({ type: "waiting", reason: "gap", detail: "a pause between two runs", seconds: rest.seconds });
    await pause(rest.seconds, options.signal);
  }
  const until_c = rest.until_c === "start" ? nearly(options.start_c) : rest.until_c;
  if (until_c !== null) await coolDown({ until_c, limit_s: rest.limit_s }, began, options);
}

/** Degrees above where it began that count as cold: sensors tell whole degrees, and the last one falls slowly. */
const NEARLY_C = 2;

const nearly = (start_c: number | undefined): number | null => (start_c === undefined ? null : start_c + NEARLY_C);

const NO_TEMPERATURE = "no GPU tells its temperature: the pause is by time only";

async function coolDown(
  { until_c, limit_s }: { readonly until_c: number; readonly limit_s: number },
  began: number,
  { hottest, emit, signal, look_s = 1 }: RestOptions,
): Promise<void> {
  const left = (): number => limit_s - (performance.now() - began) / 1000;
  for (let told = false; !signal.aborted && left() > 0; told = true) {
    const temperature_c = await hottest();
    if (temperature_c === undefined) {
      emit({ type: "waiting", reason: "temperature", detail: NO_TEMPERATURE, seconds: 0 });
      return;
    }
    if (temperature_c <= until_c) return;
    const detail = `a GPU has ${temperature_c} °C, and is to have ${until_c} °C`;
    if (!told) emit({ type: "waiting", reason: "temperature", detail, seconds: Math.ceil(left()) });
    await pause(Math.min(look_s, Math.max(left(), 0)), signal);
  }
}

const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
