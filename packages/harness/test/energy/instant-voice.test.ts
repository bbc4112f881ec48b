import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contradicts, instantVoice, sideText } from "../../src/energy/instant-voice.ts";
import { pointsBetween, pointsOf, type Recording } from "../../src/energy/recording.ts";
import { seriesOf, windowEnergy } from "../../src/energy/window-energy.ts";
import { readTrace, type TracePhase } from "../support/recorded-trace.ts";

const { recording, phases } = readTrace(join(import.meta.dirname, "fixtures", "h100-gemm.json.gz"));
const voiceIn = ({ from_ns, to_ns }: TracePhase): NonNullable<ReturnType<typeof instantVoice>> => {
  const voice = instantVoice(recording, seriesOf(recording), [from_ns + 1e9, to_ns - 0.2e9]);
  if (voice === undefined) throw new Error("the field was not read");
  return voice;
};

describe("the instantaneous power field of an H100 beside its power samples", () => {
  it("agrees under constant load, and at rest", () => {
    const calm = phases.filter((phase) => phase.do === "constant" || (phase.do === "idle" && phase.seconds >= 8));
    expect(calm.length).toBeGreaterThan(4);
    expect(calm.filter((phase) => contradicts(voiceIn(phase)))).toEqual([]);
  });

  it("contradicts under a load with its own period, although both other sources agree", () => {
    const wave = phases.find(({ period_ms, duty }) => period_ms === 100 && duty === 0.5) as TracePhase;
    const voice = voiceIn(wave);
    expect(contradicts(voice)).toBe(true);
    const energy = windowEnergy(recording, { from_ns: wave.from_ns + 1e9, to_ns: wave.to_ns - 0.2e9 });
    expect(energy).toMatchObject({ status: "measured", instant: { ratio: voice.ratio } });
  });

  it("says nothing of a few readings", () => {
    const [first] = phases.filter((phase) => phase.do === "constant");
    const { from_ns } = first as TracePhase;
    expect(instantVoice(recording, seriesOf(recording), [from_ns, from_ns + 0.05e9])).toBeUndefined();
  });
});

describe("whom the field sides with", () => {
  const voice = { ratio: 1.01, standard_error: 0.005, readings: 20 };

  it("is told with the rejection of a window", () => {
    const [load] = phases.filter((phase) => phase.do === "constant");
    const { from_ns } = load as TracePhase;
    const counter = pointsOf(recording, "energy_counter");
    const inside = pointsBetween(counter, from_ns + 10e9, from_ns + 20e9);
    const [begin] = inside.value;
    const value = counter.value.map((joules) =>
      joules > (begin ?? 0) ? joules + 0.1 * (joules - (begin ?? 0)) : joules,
    );
    const off: Recording = {
      ...recording,
      streams: new Map([...recording.streams, ["energy_counter", { ...counter, value }]]),
    };
    expect(windowEnergy(off, { from_ns: from_ns + 10e9, to_ns: from_ns + 20e9 })).toMatchObject({
      code: "sources-disagree",
      detail: expect.stringMatching(/instantaneous field, .*is with the power samples/) as string,
    });
  });

  it.each([
    [1.2, "with the power samples"],
    [1.03, "with both"],
  ])("a counter of %f times the samples: %s", (ratio, side) => {
    expect(sideText(voice, ratio)).toContain(side);
  });

  it("may be nobody, or unknown", () => {
    expect(sideText({ ...voice, ratio: 1.4 }, 1.1)).toContain("with neither");
    expect(sideText({ ...voice, ratio: 1.12 }, 1.12)).toContain("with the counter");
    expect(sideText(undefined, 1.1)).toBe("");
  });
});
