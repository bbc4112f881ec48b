import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { nanoseconds, type RequestTimeline, type WindowRecord } from "@lem/domain";
import type { Points, Quantity } from "@lem/engines/host";
import type { EngineSteps } from "../../src/engine-steps.ts";
import type { Recording } from "../../src/energy/recording.ts";

/** A window of a real run that bench/gpu/keep-window.mjs kept. */
export interface RecordedWindow {
  readonly record: WindowRecord;
  readonly timelines: readonly RequestTimeline[];
  readonly steps: EngineSteps;
  readonly recordings: readonly Recording[];
}

interface Column {
  readonly scale: number;
  readonly t_us: readonly number[];
  readonly value: readonly number[];
}

interface KeptRequest extends Pick<RequestTimeline, "input_tokens" | "timing" | "finish"> {
  readonly submitted_us: number;
  readonly finished_us: number;
  readonly token_us: readonly number[];
}

interface WindowFile {
  readonly header: { readonly window: WindowRecord };
  readonly requests: readonly KeptRequest[];
  readonly steps: Readonly<Record<"t_us" | Exclude<keyof EngineSteps, "t_ns">, readonly number[]>>;
  readonly recordings: readonly {
    readonly sensor: Recording["sensor"];
    readonly streams: Readonly<Record<string, Column>>;
  }[];
}

/** Reads a window whose columns are stored as differences of microseconds. */
export function readWindow(file: string): RecordedWindow {
  const { header, requests, steps, recordings } = JSON.parse(
    gunzipSync(readFileSync(file)).toString("utf8"),
  ) as WindowFile;
  const { window: record } = header;
  const points = ({ scale, t_us, value }: Column): Points => ({
    t_ns: sums(t_us).map((us) => record.origin_ns + us * 1e3),
    value: sums(value).map((each) => each / scale),
  });
  return {
    record,
    timelines: requests.map((request, index) => timelineOf(request, index, record)),
    steps: {
      t_ns: sums(steps.t_us).map((us) => us * 1e3),
      prompt_tokens: Int32Array.from(steps.prompt_tokens),
      output_tokens: Int32Array.from(steps.output_tokens),
      running: Int32Array.from(steps.running),
      waiting: Int32Array.from(steps.waiting),
    },
    recordings: recordings.map(({ sensor, streams }): Recording => ({
      sensor,
      streams: new Map(Object.entries(streams).map(([name, column]) => [name as Quantity, points(column)])),
      faults: [],
      lost: null,
      sources: [],
      states: [],
    })),
  };
}

const timelineOf = (
  { submitted_us, finished_us, token_us, ...request }: KeptRequest,
  index: number,
  { window, origin_ns }: WindowRecord,
): RequestTimeline => ({
  ...request,
  request: index,
  window,
  origin_ns: nanoseconds(origin_ns),
  submitted_ns: nanoseconds(submitted_us * 1e3),
  finished_ns: nanoseconds(finished_us * 1e3),
  output_tokens: token_us.length,
  output_ids: new Int32Array(token_us.length),
  token_ns: sums(token_us).map((us) => us * 1e3),
});

function sums(steps: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(steps, (step) => (sum += step));
}
