import type { ModelShape } from "./shape.ts";
import { flopPerPass, flopPerToken, layerGroups } from "./costs.ts";

/** One request: a prompt of `input` tokens, then `output` generated ones. */
export interface RequestLength {
  readonly input: number;
  readonly output: number;
}

/** FLOPs by phase; exact whole numbers up to 2^53, rounded to 53 bits beyond. */
export interface PhaseFlops {
  readonly prefill: number;
  readonly decode: number;
  readonly total: number;
}

/**
 * How a convention counts query-key pairs of one layer and one sequence. `prefill` runs `length` positions at once;
 * `step` is a position that comes alone and is the `length`-th of its sequence; `steps` sums `step` over `from` to `to`.
 */
export interface PairCount {
  prefill(length: number, window: number | null): number;
  steps(from: number, to: number, window: number | null): number;
}

/** FLOPs of one sequence under a convention: linear maps are the same in all, only pairs differ. */
export function countPasses(shape: ModelShape, { input, output }: RequestLength, pairs: PairCount): PhaseFlops {
  const cost = { token: flopPerToken(shape), pass: flopPerPass(shape), groups: layerGroups(shape) };
  const attention = (count: (window: number | null) => number): number =>
    cost.groups.reduce((sum, group) => sum + group.flopPerPair * count(group.window), 0);
  const whole = (length: number): number =>
    length * cost.token + cost.pass + attention((window) => pairs.prefill(length, window));
  const steps = (from: number, to: number): number =>
    to < from ? 0 : (to - from + 1) * (cost.token + cost.pass) + attention((window) => pairs.steps(from, to, window));
  const last = input + output - 1;
  const again = shape.recomputeAt;
  const prefill = whole(input);
  const decode =
    again === null || again <= input || again > last
      ? steps(input + 1, last)
      : steps(input + 1, again - 1) + whole(again) + steps(again + 1, last);
  return { prefill, decode, total: prefill + decode };
}

/** Sum of min(length, window) over lengths from `from` to `to`. */
export function sumOfVisible(from: number, to: number, window: number | null): number {
  if (to < from) return 0;
  const full = window === null ? to : Math.min(to, window);
  const growing = full < from ? 0 : ((from + full) * (full - from + 1)) / 2;
  const capped = to - Math.max(full, from - 1);
  return growing + capped * (window ?? 0);
}
