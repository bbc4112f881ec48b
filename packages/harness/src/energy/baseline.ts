import { measured, nanoseconds, unavailable, type Reading } from "@lem/domain";
import type { DomainEnergy } from "./sampler.ts";

/** When an idle machine is measured: without the engine, and with its model loaded, before and after the work. */
export const BASELINE_KINDS = ["bare-before", "loaded-before", "loaded-after", "bare-after"] as const;
/** One of {@link BASELINE_KINDS}. */
export type BaselineKind = (typeof BASELINE_KINDS)[number];

/** A stretch of idleness on CLOCK_MONOTONIC. */
export interface IdleSpan {
  readonly kind: BaselineKind;
  readonly from_ns: number;
  readonly to_ns: number;
}

/** An idle machine's energy. */
export interface Baseline extends IdleSpan {
  readonly energy: readonly DomainEnergy[];
}

/** With or without the model. */
export type IdleState = "bare" | "loaded";

/** An idle power that changed by more than both of these between before and after has drifted. */
export const DRIFT = { relative: 0.02, watts: 2 } as const;

/** The idle power of one domain: the mean of before and after, as far as they were measured. */
export function idlePower(baselines: readonly Baseline[], state: IdleState, domain: string): Reading {
  const powers = powersOf(baselines, state, domain);
  if (powers.length === 0)
    return unavailable("switched-off", `the idle power (${state}) of ${domain} was not measured: measurement.baseline`);
  const value = powers.reduce((sum, power) => sum + power, 0) / powers.length;
  return measured({ value, unit: "W", source: `idle ${state}, mean of ${powers.length} stretches`, n: powers.length });
}

/** How far the idle power of one domain moved from before to after, in watts; undefined without both. */
export function idleDrift(
  baselines: readonly Baseline[],
  state: IdleState,
  domain: string,
): { readonly watts: number; readonly drifted: boolean } | undefined {
  const [before, after] = powersOf(baselines, state, domain);
  if (before === undefined || after === undefined) return undefined;
  const watts = after - before;
  const drifted = Math.abs(watts) > Math.max(DRIFT.watts, DRIFT.relative * before);
  return { watts, drifted };
}

function powersOf(baselines: readonly Baseline[], state: IdleState, domain: string): readonly number[] {
  return baselines
    .filter(({ kind }) => kind.startsWith(state))
    .flatMap(({ energy, from_ns, to_ns }) => {
      const own = energy.find((each) => each.domain === domain);
      return own?.status === "measured" ? [own.energy_j / ((to_ns - from_ns) / 1e9)] : [];
    });
}

/** A span whose instants are branded for the sampler. */
export const edgesOf = ({
  from_ns,
  to_ns,
}: IdleSpan): readonly [ReturnType<typeof nanoseconds>, ReturnType<typeof nanoseconds>] => [
  nanoseconds(from_ns),
  nanoseconds(to_ns),
];
