import { nanoseconds, type UnavailableReading } from "@lem/domain";
import type { MeasureOptions } from "../measure-options.ts";
import type { MeasuredWindow, WindowWithoutEnergy } from "../measurement.ts";
import type { BareIdle } from "./baseline.ts";
import type { BaselineKind } from "./idle-span.ts";
import { IdleWatch, type IdleFindings } from "./idle-watch.ts";
import { judgeSettling, SETTLE_SPAN_S, type Settling } from "./settling.ts";
import type { DomainEnergy, EnergyQuestion, EnergySampler } from "./sampler.ts";

const monotonic = (): number => Number(process.hrtime.bigint());

/** The energy side of one experiment: baselines, the thermal gate, and the energy of windows after the last of them. */
export class PowerWatch {
  readonly #options: MeasureOptions;
  readonly #sampler: EnergySampler | null;
  readonly #idle: IdleWatch;

  constructor(options: MeasureOptions) {
    this.#options = options;
    this.#sampler = options.sampler.status === "available" ? options.sampler.sampler : null;
    this.#idle = new IdleWatch(options, this.#sampler);
  }

  async start(): Promise<void> {
    await this.#sampler?.start();
  }

  async stop(): Promise<void> {
    await this.#sampler?.stop();
  }

  /** Lets the machine idle and notes its state; see {@link IdleWatch.idle}. */
  idle(kind: BaselineKind, enginePid?: number): Promise<void> {
    return this.#idle.idle(kind, enginePid);
  }

  /** The engine runs already; see {@link IdleWatch.inherit}. */
  inherit(bare: BareIdle | null): void {
    this.#idle.inherit(bare);
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

  /** What idleness told; asked when all is done, as energies are. */
  idleness(): Promise<IdleFindings> {
    return this.#idle.findings();
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
