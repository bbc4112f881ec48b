/** Reads a trace that bench/gpu/record.mjs wrote: a recording as the harness keeps it, the marks of its plan, and the work done. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

function undelta(values, scale) {
  let last = 0;
  return Float64Array.from(values, (step) => (last += step) / scale);
}

export function readTrace(file) {
  const { header, marks, faults, work, series } = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));
  const streams = new Map(
    Object.entries(series).map(([quantity, { scale, t_us, value }]) => [
      quantity,
      { t_ns: undelta(t_us, 1e-3), value: undelta(value, scale) },
    ]),
  );
  const sensor = {
    domain: "gpu0",
    device: header.device,
    source: "NVML power samples",
    relative_gain_error: 0.05,
  };
  return {
    header,
    recording: { sensor, streams, faults, lost: null },
    work: { t_ns: undelta(work.t_us, 1e-3), products: undelta(work.products, 1), on_ns: undelta(work.on_us, 1e-3) },
    phases: phasesOf(marks),
  };
}

/** Begin and end of each order of the plan. */
function phasesOf(marks) {
  const phases = [];
  for (const mark of marks) {
    if (mark.event === "begin") phases.push({ ...mark, from_ns: mark.t_ns, to_ns: Number.NaN });
    else if (mark.event === "end") phases.at(-1).to_ns = mark.t_ns;
  }
  return phases;
}
