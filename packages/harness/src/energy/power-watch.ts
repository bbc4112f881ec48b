import { setTimeout as sleep } from "node:timers/promises";
import { nanoseconds, type UnavailableReading } from "@lem/domain";
import type { MeasureOptions } from "../measure-options.ts";
import type { MeasuredWindow, WindowWithoutEnergy } from "../measurement.ts";
import { edgesOf, type Baseline, type BaselineKind, type IdleSpan } from "./baseline.ts";
import { judgeSettling, SETTLE_SPAN_S, type Settling } from "./settling.ts";
import type { DomainEnergy, EnergyQuestion, EnergySampler } from "./sampler.ts";

const monotonic = (): number => Number(process.hrtime.bigint());

/** Milliseconds after a change of state before idleness is measured. */
const REST_MS = 1000;

/** The energy side of one experiment: baselines, the thermal gate, and the energy of windows after the last of them. */
export class PowerWatch {
  readonly #options: MeasureOptions;
  readonly #sampler: EnergySampler | null;
  readonly #idle: IdleSpan[] = [];

  constructor(options: MeasureOptions) {
    this.#options = options;
    this.#sampler = options.sampler.status === "available" ? options.sampler.sampler : null;
  }

  async start(): Promise<void> {
    await this.#sampler?.start();
  }

  async stop(): Promise<void> {
    await this.#sampler?.stop();
  }

  /** Lets the machine idle and remembers when; nothing where this machine is not sampled. */
  async idle(kind: BaselineKind): Promise<void> {
    const { experiment, phases, signal } = this.#options;
    const { seconds } = experiment.measurement.baseline;
    if (this.#sampler?.live !== true || seconds === 0) return;
    await phases.during("baseline", async () => {
      await sleep(REST_MS, undefined, { signal }).catch(() => {});
      const from_ns = monotonic();
      await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
      if (!signal.aborted) this.#idle.push({ kind, from_ns, to_ns: monotonic() });
    });
  }

  /** Repeats work until temperature and power are flat, or the limit is reached. */
  async settle(runOnce: () => Promise<unknown>): Promise<Settling> {
    const { gate, limit_s } = this.#options.experiment.measurement.thermal;
    const sampler = this.#sampler;
    if (sampler?.live !== true || !gate) return { status: "skipped", seconds: 0 };
    const begin = monotonic();
    for (;;) {
      const seconds = (monotonic() - begin) / 1e9;
      const settling = judgeSettling(sampler.recordings(), monotonic(), seconds);
      if (settling === "no-temperature") return { status: "skipped", seconds };
      if (settling === "flat" && seconds >= SETTLE_SPAN_S) return { status: "reached", seconds };
      if (seconds >= limit_s) return { status: "not-reached", seconds };
      await runOnce();
    }
  }

  /** The energy of windows; asked when all are done, so that nothing is read between them. */
  async withEnergy(windows: readonly WindowWithoutEnergy[], about: EnergyQuestion): Promise<MeasuredWindow[]> {
    const measured: MeasuredWindow[] = [];
    for (const window of windows) {
      const energy = await this.#energyOf([window.reply.origin_ns, window.reply.end_ns], about);
      measured.push({ ...window, energy });
    }
    return measured;
  }

  /** The energy of every stretch of idleness. */
  async baselines(): Promise<readonly Baseline[]> {
    const found: Baseline[] = [];
    for (const span of this.#idle) {
      const energy = await this.#sampler?.energyBetween(...edgesOf(span));
      found.push({ ...span, energy: energy ?? [] });
    }
    return found;
  }

  async #energyOf(
    [from, to]: readonly [number, number],
    about: EnergyQuestion,
  ): Promise<readonly DomainEnergy[] | UnavailableReading> {
    const { sampler } = this.#options;
    if (sampler.status === "unavailable") return sampler.reading;
    return sampler.sampler.energyBetween(nanoseconds(from), nanoseconds(to), about);
  }
}
