import { nanoseconds, type RequestTimeline } from "@lem/domain";
import type { Recording } from "../../src/energy/recording.ts";

/** A request whose output arrives at given instants, in milliseconds since the origin of its window. */
export function requestOf(
  request: number,
  { submitted_ms, token_ms }: { readonly submitted_ms: number; readonly token_ms: readonly number[] },
  changes: Partial<RequestTimeline> = {},
): RequestTimeline {
  return {
    request,
    window: 1,
    origin_ns: nanoseconds(0),
    submitted_ns: nanoseconds(submitted_ms * 1e6),
    finished_ns: nanoseconds((token_ms.at(-1) ?? submitted_ms) * 1e6),
    input_tokens: 100,
    output_tokens: token_ms.length,
    output_ids: new Int32Array(token_ms.length),
    token_ns: Float64Array.from(token_ms, (ms) => ms * 1e6),
    timing: "token",
    finish: "length",
    ...changes,
  };
}

/** Requests one after another without a pause, each of `tokens` tokens 10 ms apart after 20 ms of prefill. */
export function chainOf(count: number, tokens: number, beginMs = 0): readonly RequestTimeline[] {
  const length_ms = 20 + 10 * (tokens - 1);
  return Array.from({ length: count }, (_, request) => {
    const submitted_ms = beginMs + request * length_ms;
    return requestOf(request, {
      submitted_ms,
      token_ms: Array.from({ length: tokens }, (__, index) => submitted_ms + 20 + 10 * index),
    });
  });
}

/** What a GPU's sensor tells of a power that is a function of time: samples 20 ms apart, ticks each two seconds. */
export function recordingOf(
  power: (t_s: number) => number,
  seconds: number,
  { counter_gain = 1, domain = "gpu0" }: { readonly counter_gain?: number; readonly domain?: string } = {},
): Recording {
  const count = Math.round(seconds * 50) + 1;
  const t_ns = Float64Array.from({ length: count }, (_, index) => index * 20e6);
  const value = t_ns.map((time) => power(time / 1e9 - 0.01));
  let sum = 0;
  const energy = value.map((watts, index) => (index === 0 ? 0 : (sum += watts * 0.02)));
  const ticks = Array.from({ length: Math.floor(count / 100) }, (_, index) => 100 * index + 50).filter(
    (at) => at < count,
  );
  return {
    sensor: { domain, device: "board", source: "NVML power samples", relative_gain_error: 0.05 },
    streams: new Map([
      ["power", { t_ns, value }],
      [
        "energy_counter",
        {
          t_ns: Float64Array.from(ticks, (at) => t_ns[at] ?? 0),
          value: Float64Array.from(ticks, (at) => counter_gain * (energy[at] ?? 0)),
        },
      ],
    ]),
    faults: [],
    lost: null,
    sources: [],
    states: [],
  };
}
