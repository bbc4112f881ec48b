import { FUNCTION_NOT_FOUND, type NvmlFunction, type NvmlFunctions } from "./functions.ts";

/** Hardware utilisation metrics (nvmlGpmMetricId_t) by the names under which they are recorded. */
const METRICS = { sm_active: 2, sm_occupancy: 3, tensor_active: 5, dram_active: 10 } as const;
/** One hardware utilisation metric. */
export type GpmMetric = keyof typeof METRICS;

/** A GPU's hardware utilisation metrics: each reading tells of the time since the one before it. */
export interface Gpm {
  /** Shares from 0 to 1 since the last call; undefined at the first call, or after a failed one. */
  read(): ReadonlyMap<GpmMetric, number> | undefined;
  close(): void;
}

/** Opened metrics, or NVML's code. */
export type GpmOpening = { readonly ok: true; readonly value: Gpm } | { readonly ok: false; readonly code: number };

/** nvmlGpmMetricsGet_t: version, number of metrics, two samples, then an nvmlGpmMetric_t of 40 bytes each. */
const HEAD_BYTES = 24;
const METRIC_BYTES = 40;
/** The library's own array has this many places or fewer. */
const METRIC_PLACES = 512;

/** Allocates the two samples that metrics are computed between. */
export function openGpm(functions: NvmlFunctions, device: bigint): GpmOpening {
  const allocate = functions.get("nvmlGpmSampleAlloc", ["void *"]);
  const free = functions.get("nvmlGpmSampleFree", ["uintptr_t"]);
  const take = functions.get("nvmlGpmSampleGet", ["uintptr_t", "uintptr_t"]);
  const compute = functions.get("nvmlGpmMetricsGet", ["void *"]);
  if (allocate === undefined || free === undefined || take === undefined || compute === undefined)
    return { ok: false, code: FUNCTION_NOT_FOUND };
  const samples: bigint[] = [];
  for (let index = 0; index < 2; index++) {
    const out = Buffer.alloc(8);
    const code = allocate(out);
    if (code !== 0) {
      for (const sample of samples) free(sample);
      return { ok: false, code };
    }
    samples.push(out.readBigUInt64LE(0));
  }
  return { ok: true, value: new LibraryGpm({ device, samples, take, compute, free }) };
}

interface GpmParts {
  readonly device: bigint;
  readonly samples: bigint[];
  readonly take: NvmlFunction;
  readonly compute: NvmlFunction;
  readonly free: NvmlFunction;
}

class LibraryGpm implements Gpm {
  readonly #parts: GpmParts;
  readonly #request = Buffer.alloc(HEAD_BYTES + METRIC_BYTES * METRIC_PLACES);
  #taken = 0;

  constructor(parts: GpmParts) {
    this.#parts = parts;
  }

  read(): ReadonlyMap<GpmMetric, number> | undefined {
    const { device, samples, take } = this.#parts;
    const [older, newer] = this.#taken % 2 === 0 ? [1, 0] : [0, 1];
    if (take(device, samples[newer]) !== 0) {
      this.#taken = 0;
      return undefined;
    }
    this.#taken += 1;
    return this.#taken < 2 ? undefined : this.#between(samples[older] ?? 0n, samples[newer] ?? 0n);
  }

  close(): void {
    for (const sample of this.#parts.samples.splice(0)) this.#parts.free(sample);
  }

  #between(older: bigint, newer: bigint): ReadonlyMap<GpmMetric, number> | undefined {
    const names = Object.keys(METRICS) as GpmMetric[];
    const request = this.#request.fill(0);
    request.writeUInt32LE(1, 0);
    request.writeUInt32LE(names.length, 4);
    request.writeBigUInt64LE(older, 8);
    request.writeBigUInt64LE(newer, 16);
    names.forEach((name, index) => request.writeUInt32LE(METRICS[name], HEAD_BYTES + METRIC_BYTES * index));
    if (this.#parts.compute(request) !== 0) return undefined;
    const found = new Map<GpmMetric, number>();
    names.forEach((name, index) => {
      const at = HEAD_BYTES + METRIC_BYTES * index;
      const share = request.readDoubleLE(at + 8) / 100;
      if (request.readInt32LE(at + 4) === 0 && Number.isFinite(share)) found.set(name, share);
    });
    return found;
  }
}
