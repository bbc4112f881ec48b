import type { Reading } from "@lem/domain";
import { describe, expect, it } from "vitest";
import type { Recording } from "../../src/energy/recording.ts";
import { energiesBetween } from "../../src/energy/window-energy.ts";
import { windowRecord } from "../../src/measure-windows.ts";
import { phaseReadings, type PhaseEvidence } from "../../src/readings/engine-phases.ts";
import { chainOf, recordingOf, requestOf } from "../support/load.ts";

/** A window of requests, measured by some sensors. */
function windowOf(
  timelines: PhaseEvidence["timelines"],
  seconds: number,
  recordings: readonly Recording[],
): PhaseEvidence {
  const [origin_ns, end_ns] = [1e9, 1e9 + seconds * 1e9];
  const record = windowRecord(1, timelines, { origin_ns, end_ns, cpu_s: null });
  const energy = energiesBetween(recordings, [origin_ns, end_ns], {});
  return {
    record,
    end_ns,
    energy,
    timelines: timelines.map((each) => ({ ...each, origin_ns: 1e9 as typeof each.origin_ns })),
    steps: null,
  };
}

const valueOf = (reading: Reading): number => (reading.status === "unavailable" ? Number.NaN : reading.value);

/** One second of prefill at 600 W, three of decoding at 400 W, again and again. */
const requests = Array.from({ length: 4 }, (_, request) =>
  requestOf(request, {
    submitted_ms: request * 4000,
    token_ms: Array.from({ length: 301 }, (__, index) => request * 4000 + 1000 + index * 10),
  }),
);
const power = (t_s: number): number => ((t_s - 1) % 4 < 1 ? 600 : 400);

describe("energy of prefill and decoding", () => {
  const recordings = [recordingOf(power, 20)];
  const found = phaseReadings([windowOf(requests, 16, recordings)], recordings);

  it("is that of the power samples over each phase, and closes", () => {
    expect(valueOf(found.prefill_time)).toBeCloseTo(4, 6);
    expect(valueOf(found.decode_time)).toBeCloseTo(12, 6);
    expect(valueOf(found.prefill_j)).toBeCloseTo(2400, 3);
    expect(valueOf(found.decode_j)).toBeCloseTo(4800, 3);
    expect(valueOf(found.phase_residual)).toBeCloseTo(0, 9);
    expect(valueOf(found.prefill_joules_per_input_token)).toBeCloseTo(2400 / 400, 3);
    expect(valueOf(found.decode_joules_per_output_token)).toBeCloseTo(4800 / 1200, 3);
    expect(found.mixed_j).toMatchObject({ status: "unavailable", reason: "not-applicable" });
  });

  it("says by how much one power sample at its edges could change it", () => {
    expect(found.prefill_j).toMatchObject({
      systematic: { relative: expect.closeTo(0.05 + (200 * 0.02) / 600, 3) as number },
    });
    expect(found.decode_j).toMatchObject({
      systematic: { relative: expect.closeTo(0.05 + (200 * 0.02) / 1200, 3) as number },
    });
  });

  it("adds the domains up", () => {
    const both = [...recordings, recordingOf(() => 100, 20, { domain: "gpu1" })];
    const sum = phaseReadings([windowOf(requests, 16, both)], both);
    expect(valueOf(sum.prefill_j)).toBeCloseTo(2800, 3);
    expect(valueOf(sum.decode_j)).toBeCloseTo(6000, 3);
  });

  it("has an interval between windows", () => {
    const windows = [16, 16, 16].map((seconds) => windowOf(requests, seconds, recordings));
    expect(phaseReadings(windows, recordings).decode_joules_per_output_token).toMatchObject({
      n: 3,
      interval: { level: 0.95 },
    });
  });

  it("is unavailable where a phase holds less than three power samples, or flits by", () => {
    const brief = chainOf(2, 200);
    const few = phaseReadings([windowOf(brief, 5, recordings)], recordings);
    expect(few.prefill_j).toMatchObject({ status: "unavailable", reason: "too-few-samples" });
    expect(valueOf(few.decode_j)).toBeGreaterThan(0);
    expect(few.prefill_joules_per_input_token).toMatchObject({ reason: "too-few-samples" });
    const flitting = chainOf(60, 4).map((each) => ({ ...each, origin_ns: 1e9 as typeof each.origin_ns }));
    const bursts = [recordingOf((t) => ((t - 1) % 0.05 < 0.02 ? 600 : 300), 20)];
    const lost = phaseReadings([windowOf(flitting, 3, bursts)], bursts);
    expect(lost.prefill_j).toMatchObject({ status: "unavailable", reason: "too-few-samples" });
  });

  it("gives no joules a token of steps that hold few of its tokens", () => {
    const [first, ...others] = requests;
    const [begin, end] = [0.9e9, 15.9e9];
    const steps = {
      t_ns: Float64Array.of(begin, end, end + 1),
      prompt_tokens: Int32Array.of(5, 395, 0),
      output_tokens: Int32Array.of(0, 1203, 1),
      running: Int32Array.of(1, 4, 0),
      waiting: new Int32Array(3),
    };
    const window = { ...windowOf([first!, ...others], 16, recordings), steps };
    const mostly = phaseReadings([window], recordings);
    expect(valueOf(mostly.prefill_j)).toBeGreaterThan(0);
    expect(mostly.prefill_joules_per_input_token).toMatchObject({
      reason: "too-few-samples",
      detail: "only 1.3 % of its tokens were computed in steps of prefill alone",
    });
  });

  it("is missing for the reason that the window's energy is, and its times are not", () => {
    const gone = [{ ...recordings[0]!, lost: { t_ns: 2e9, detail: "the sampling thread ended" } }];
    const lost = phaseReadings([windowOf(requests, 16, gone)], gone);
    expect(lost.prefill_j).toMatchObject({ status: "unavailable", reason: "read-failed" });
    expect(lost.phase_residual).toMatchObject({ status: "unavailable" });
    expect(valueOf(lost.prefill_time)).toBeCloseTo(4, 6);
    expect(phaseReadings([windowOf(requests, 16, [])], []).decode_j).toMatchObject({ reason: "not-supported" });
  });
});
