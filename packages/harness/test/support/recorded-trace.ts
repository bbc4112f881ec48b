import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Points, Quantity, SamplingFault } from "@lem/engines/host";
import type { Recording } from "../../src/energy/recording.ts";

/** One order of the recorder's plan, as it was carried out. */
export interface TracePhase {
  readonly do: "bare" | "idle" | "constant" | "wave" | "end";
  readonly seconds: number;
  readonly period_ms?: number;
  readonly duty?: number;
  readonly jitter_ms?: number;
  readonly from_ns: number;
  readonly to_ns: number;
}

/** A trace that bench/gpu/record.mjs wrote on a real GPU. */
export interface RecordedTrace {
  readonly header: { readonly device: string; readonly driver: string; readonly power_limit_w: number };
  readonly recording: Recording;
  readonly phases: readonly TracePhase[];
  /** Matrix products finished until each instant; of a wave, when the GPU was switched on for them (else 0). */
  readonly work: { readonly t_ns: Float64Array; readonly products: Float64Array; readonly on_ns: Float64Array };
}

interface Column {
  readonly scale: number;
  readonly t_us: readonly number[];
  readonly value: readonly number[];
}

interface TraceFile {
  readonly header: RecordedTrace["header"];
  readonly marks: readonly ({ readonly event: string; readonly t_ns: number } & Omit<
    TracePhase,
    "from_ns" | "to_ns"
  >)[];
  readonly faults: readonly SamplingFault[];
  readonly work: Readonly<Record<"t_us" | "products" | "on_us", readonly number[]>>;
  readonly series: Readonly<Record<string, Column>>;
}

/** Reads a trace of columns that are stored as differences. */
export function readTrace(file: string): RecordedTrace {
  const { header, marks, faults, work, series } = JSON.parse(
    gunzipSync(readFileSync(file)).toString("utf8"),
  ) as TraceFile;
  const streams = Object.entries(series)
    .filter(([, { value }]) => !value.includes(null as never))
    .map(([quantity, { scale, t_us, value }]): [Quantity, Points] => [
      quantity as Quantity,
      { t_ns: undelta(t_us, 1e-3), value: undelta(value, scale) },
    ]);
  const sensor = { domain: "gpu0", device: header.device, source: "NVML power samples", relative_gain_error: 0.05 };
  return {
    header,
    recording: { sensor, streams: new Map(streams), faults, lost: null, sources: [], states: [] },
    phases: phasesOf(marks),
    work: {
      t_ns: undelta(work.t_us, 1e-3),
      products: undelta(work.products, 1),
      on_ns: undelta(work.on_us, 1e-3),
    },
  };
}

function undelta(steps: readonly number[], scale: number): Float64Array {
  let sum = 0;
  return Float64Array.from(steps, (step) => {
    sum += step;
    return sum / scale;
  });
}

function phasesOf(marks: TraceFile["marks"]): readonly TracePhase[] {
  const phases: TracePhase[] = [];
  for (const { event, t_ns, ...order } of marks) {
    const open = phases.at(-1);
    if (event === "begin") phases.push({ ...order, from_ns: t_ns, to_ns: Number.NaN });
    else if (event === "end" && open !== undefined) phases[phases.length - 1] = { ...open, to_ns: t_ns };
  }
  return phases;
}
