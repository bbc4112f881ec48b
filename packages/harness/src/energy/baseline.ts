import { measured, nanoseconds, unavailable, type Reading } from "@lem/domain";
import type { IdleSpan } from "./idle-span.ts";
import type { DomainEnergy } from "./sampler.ts";

/** An idle machine's energy. */
export interface Baseline extends IdleSpan {
  readonly energy: readonly DomainEnergy[];
}

/** The idle power of the bare machine at some time. */
export interface BareIdle {
  readonly seconds: number;
  readonly energy: readonly DomainEnergy[];
  /** Of the oldest of its parts. */
  readonly measured_at: string;
}

/** A bare machine's idle power that was measured by an earlier run in the same state of the machine. */
export interface ReusedIdle extends BareIdle {
  readonly status: "reused";
  readonly age_s: number;
}

/** Whether an earlier run's figure was taken, or why not; null when none was asked for. */
export type IdleReuse = ReusedIdle | { readonly status: "refused"; readonly why: string } | null;

/** The stretches of this run, and in place of a bare one that of an earlier run. */
export const withReused = (baselines: readonly Baseline[], reuse: IdleReuse): readonly Baseline[] =>
  reuse?.status === "reused"
    ? [{ kind: "bare-before", from_ns: 0, to_ns: reuse.seconds * 1e9, energy: reuse.energy }, ...baselines]
    : baselines;

/** What is known of the machine before an engine was started, for later runs of that engine; null when nothing is. */
export function bareIdleOf(
  baselines: readonly Baseline[],
  reuse: IdleReuse,
  now: Date,
  now_ns: number,
): BareIdle | null {
  if (reuse?.status === "reused") {
    const { seconds, energy, measured_at } = reuse;
    return { seconds, energy, measured_at };
  }
  const before = baselines.find(({ kind }) => kind === "bare-before");
  if (before === undefined) return null;
  const { from_ns, to_ns, energy } = before;
  const measured_at = new Date(now.getTime() - (now_ns - to_ns) / 1e6).toISOString();
  return { seconds: (to_ns - from_ns) / 1e9, energy, measured_at };
}

/** With or without the model. */
export type IdleState = "bare" | "loaded";

/** An idle power that changed by more than both of these between before and after has drifted. */
export const DRIFT = { relative: 0.02, watts: 2 } as const;

/** True when an idle power has moved too far. */
export const hasDrifted = (was_w: number, is_w: number): boolean =>
  Math.abs(is_w - was_w) > Math.max(DRIFT.watts, DRIFT.relative * was_w);

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
  return { watts: after - before, drifted: hasDrifted(before, after) };
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
