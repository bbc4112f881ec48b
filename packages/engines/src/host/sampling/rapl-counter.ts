import { readFileSync } from "node:fs";
import { BatchBuilder, type Batch } from "./batch.ts";

/** Where a counter is read. */
export interface RaplCounterFile {
  /** `cpu-package-0`, `dram-0`. */
  readonly domain: string;
  readonly file: string;
  /** Where the counter wraps, in microjoules. */
  readonly range_uj: number | undefined;
}

/** No package and no memory draws as much: a counter that says so did not wrap, it began anew. */
const IMPOSSIBLE_W = 5000;

const monotonic = (): number => Number(process.hrtime.bigint());

/** Turns the readings of one energy counter into the mean power between them. */
export class RaplCounter {
  readonly domain: string;
  readonly #file: string;
  readonly #range_uj: number | undefined;
  readonly #batch = new BatchBuilder();
  #last: { readonly t_ns: number; readonly energy_uj: number } | undefined;
  #failed = false;

  constructor({ domain, file, range_uj }: RaplCounterFile) {
    this.domain = domain;
    this.#file = file;
    this.#range_uj = range_uj;
  }

  /** Reads the counter now; never again after a reading that failed. */
  read(): void {
    if (this.#failed) return;
    const before = monotonic();
    let energy_uj: number;
    try {
      energy_uj = Number(readFileSync(this.#file, "utf8"));
    } catch (error) {
      this.#failed = true;
      const detail = error instanceof Error ? error.message : String(error);
      this.#batch.fault({ t_ns: before, call: "energy_uj", detail });
      return;
    }
    const t_ns = (before + monotonic()) / 2;
    const last = this.#last;
    this.#last = { t_ns, energy_uj };
    this.#batch.add("power", t_ns, last === undefined ? 0 : this.#powerSince(last, t_ns, energy_uj));
  }

  /** What was read since the last call. */
  take(): Batch {
    return this.#batch.take();
  }

  #powerSince(last: { readonly t_ns: number; readonly energy_uj: number }, t_ns: number, energy_uj: number): number {
    const power_w = (1e3 * this.#forward(last.energy_uj, energy_uj)) / (t_ns - last.t_ns);
    return power_w > IMPOSSIBLE_W ? Number.NaN : power_w;
  }

  /** What was counted between two readings, over one wrap of the counter at most. */
  #forward(from: number, to: number): number {
    if (to >= from) return to - from;
    return this.#range_uj === undefined ? Number.NaN : to + this.#range_uj - from;
  }
}
