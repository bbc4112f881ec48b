import { setTimeout as sleep } from "node:timers/promises";
import { processTree } from "@lem/engines/host";
import type { MeasureOptions } from "../measure-options.ts";
import {
  bareIdleOf,
  edgesOf,
  hasDrifted,
  withReused,
  type BareIdle,
  type Baseline,
  type IdleReuse,
  type ReusedIdle,
} from "./baseline.ts";
import { ageOf, deviceKey, keepIdle, readIdle, whyNotReused, type CachedIdle } from "./idle-cache.ts";
import type { BaselineKind, IdleSpan } from "./idle-span.ts";
import type { NotedState } from "./recording.ts";
import type { DomainEnergy, EnergySampler } from "./sampler.ts";

const monotonic = (): number => Number(process.hrtime.bigint());

/**
 * Milliseconds after a change of state before idleness is measured. Watching the sources wakes a bare GPU: on two H200 its
 * clock stood at 810-885 MHz for two seconds, and it drew 3-4 W more, before it fell back to 345 MHz.
 */
const REST_MS: Readonly<Record<BaselineKind, number>> = {
  "bare-before": 3000,
  "loaded-before": 1000,
  "loaded-after": 1000,
  "bare-after": 1500,
};
/** Seconds of idleness that an earlier run's figure is held against before it is taken. */
const SPOT_CHECK_S = 1;

/** What idleness of the machine told. */
export interface IdleFindings {
  /** An earlier run's figure included. */
  readonly baselines: readonly Baseline[];
  readonly reuse: IdleReuse;
  /** What later runs of the same engine may take for the bare machine. */
  readonly bare: BareIdle | null;
}

/** Lets the machine idle between the phases, notes its state, and keeps what the bare machine draws for later runs. */
export class IdleWatch {
  readonly #options: MeasureOptions;
  readonly #sampler: EnergySampler | null;
  readonly #idle: IdleSpan[] = [];
  #reuse: IdleReuse = null;

  constructor(options: MeasureOptions, sampler: EnergySampler | null) {
    this.#options = options;
    this.#sampler = sampler?.live === true ? sampler : null;
  }

  /**
   * Lets the machine come to rest, idles and remembers when, and notes its state; nothing where it is not sampled.
   * @param enginePid the engine's process, while there is one
   */
  async idle(kind: BaselineKind, enginePid?: number): Promise<void> {
    const { experiment, phases } = this.#options;
    const sampler = this.#sampler;
    if (sampler === null) return;
    const engine_pids = enginePid === undefined ? [] : processTree(enginePid);
    const note = (): Promise<void> => sampler.readState({ moment: kind, engine_pids });
    const { seconds, strategy } = experiment.measurement.baseline;
    await phases.during("baseline", async () => {
      if (seconds > 0 || kind === "bare-after") await this.#rest(REST_MS[kind]);
      if (kind === "bare-before" && seconds > 0 && strategy !== "fresh") {
        await note();
        this.#reuse = await this.#tryReuse(sampler);
        if (this.#reuse?.status === "reused") return;
        await this.#idleFor(kind, seconds);
        return;
      }
      const reused = kind === "bare-after" && this.#reuse?.status === "reused";
      if (seconds > 0 && !reused) await this.#idleFor(kind, seconds);
      // Last, since reading it is work for the driver.
      await note();
    });
  }

  /** The engine is an earlier run's, and so is the idle power of the machine without it. */
  inherit(bare: BareIdle | null): void {
    if (this.#sampler === null || this.#options.experiment.measurement.baseline.seconds === 0) return;
    this.#reuse =
      bare === null
        ? { status: "refused", why: "the run that loaded the engine measured none" }
        : { ...bare, status: "reused", age_s: ageOf(bare, new Date()) };
  }

  /** The energy of every stretch of idleness; what was measured afresh of the bare machine is kept. */
  async findings(): Promise<IdleFindings> {
    const found: Baseline[] = [];
    for (const span of this.#idle) {
      const energy = await this.#sampler?.energyBetween(...edgesOf(span));
      found.push({ ...span, energy: energy ?? [] });
    }
    await this.#keep(found);
    const bare = bareIdleOf(found, this.#reuse, new Date(), monotonic());
    return { baselines: withReused(found, this.#reuse), reuse: this.#reuse, bare };
  }

  async #rest(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#options.signal }).catch(() => {});
  }

  async #idleFor(kind: BaselineKind, seconds: number): Promise<void> {
    const span = await this.#stretch(kind, seconds);
    if (span !== undefined) this.#idle.push(span);
  }

  async #stretch(kind: BaselineKind, seconds: number): Promise<IdleSpan | undefined> {
    const { signal } = this.#options;
    const from_ns = monotonic();
    await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
    return signal.aborted ? undefined : { kind, from_ns, to_ns: monotonic() };
  }

  async #tryReuse(sampler: EnergySampler): Promise<IdleReuse> {
    const folder = this.#options.idleCache;
    const { max_age_s, strategy } = this.#options.experiment.measurement.baseline;
    if (folder === undefined) return { status: "refused", why: "there is no place to keep it" };
    const kept: (readonly [string, CachedIdle])[] = [];
    const now = new Date();
    for (const { sensor, states } of sampler.recordings()) {
      const state = states.at(-1);
      const known = state === undefined ? [] : await readIdle(folder, deviceKey(sensor.domain, state));
      const [newest] = known;
      if (state === undefined || newest === undefined)
        return { status: "refused", why: `there is none of ${sensor.domain} yet` };
      const limit = { now, max_age_s };
      const own = known.find((each) => whyNotReused(each, state, limit) === undefined);
      if (own === undefined)
        return { status: "refused", why: `${sensor.domain}: ${whyNotReused(newest, state, limit) ?? ""}` };
      kept.push([sensor.domain, own]);
    }
    const reused = reusedOf(kept, now);
    return strategy === "validated" ? this.#validate(sampler, reused) : reused;
  }

  /** Holds a kept figure against a short stretch of idleness. */
  async #validate(sampler: EnergySampler, reused: ReusedIdle): Promise<IdleReuse> {
    const span = await this.#stretch("bare-before", SPOT_CHECK_S);
    if (span === undefined) return { status: "refused", why: "the check of it was interrupted" };
    const now = await sampler.energyBetween(...edgesOf(span));
    const seconds = (span.to_ns - span.from_ns) / 1e9;
    for (const part of now) {
      const kept = reused.energy.find(({ domain }) => domain === part.domain);
      if (part.status !== "measured" || kept?.status !== "measured")
        return { status: "refused", why: `${part.domain} could not be checked` };
      const [was, is] = [kept.energy_j / reused.seconds, part.energy_j / seconds];
      if (hasDrifted(was, is))
        return { status: "refused", why: `${part.domain} drew ${was.toFixed(1)} W, and draws ${is.toFixed(1)} W` };
    }
    return reused;
  }

  async #keep(found: readonly Baseline[]): Promise<void> {
    const folder = this.#options.idleCache;
    const before = found.find(({ kind }) => kind === "bare-before");
    const after = found.find(({ kind }) => kind === "bare-after");
    if (folder === undefined || before === undefined || after === undefined) return;
    for (const recording of this.#sampler?.recordings() ?? []) {
      const state = recording.states.find(({ moment }) => moment === "bare-before");
      const idle = state === undefined ? undefined : keptOf(recording.sensor.domain, state, [before, after]);
      if (state === undefined || idle === undefined) continue;
      // A figure that cannot be kept costs a later run its seconds, and this one nothing.
      await keepIdle(folder, deviceKey(recording.sensor.domain, state), idle).catch(() => {});
    }
  }
}

/** What is kept of one sensor's device: only a figure that held from before to after, of a GPU without other programs. */
function keptOf(
  own: string,
  state: NotedState,
  [before, after]: readonly [Baseline, Baseline],
): CachedIdle | undefined {
  const [first, last] = [before, after].map(({ energy }) => energy.find(({ domain }) => domain === own));
  if ((state.processes ?? []).length > 0) return undefined;
  if (first?.status !== "measured" || last?.status !== "measured") return undefined;
  const seconds = secondsOf(before);
  const power_w = first.energy_j / seconds;
  if (hasDrifted(power_w, last.energy_j / secondsOf(after))) return undefined;
  const { settings, temperature_c, clock_mhz } = state;
  return {
    state: { settings, temperature_c, clock_mhz },
    power_w,
    seconds,
    source: first.source,
    relative_gain_error: first.relative_gain_error,
    measured_at: new Date(Date.now() - (monotonic() - before.to_ns) / 1e6).toISOString(),
  };
}

const secondsOf = ({ from_ns, to_ns }: IdleSpan): number => (to_ns - from_ns) / 1e9;

function reusedOf(kept: readonly (readonly [string, CachedIdle])[], now: Date): ReusedIdle {
  const seconds = Math.min(...kept.map(([, idle]) => idle.seconds));
  const oldest = kept.map(([, idle]) => idle).toSorted((a, b) => ageOf(b, now) - ageOf(a, now))[0];
  const energy = kept.map(([domain, { power_w, source, relative_gain_error }]): DomainEnergy => {
    return { status: "measured", domain, energy_j: power_w * seconds, source, relative_gain_error };
  });
  const age_s = oldest === undefined ? 0 : ageOf(oldest, now);
  return { status: "reused", seconds, energy, measured_at: oldest?.measured_at ?? now.toISOString(), age_s };
}
