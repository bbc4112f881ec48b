import { join } from "node:path";
import { mean } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { firstAtOrAfter } from "../../src/energy/recording.ts";
import { cutAtTicks } from "../../src/load/tick-cut.ts";
import { recordingOf } from "../support/load.ts";
import { readTrace } from "../support/recorded-trace.ts";

const { recording, phases, work } = readTrace(join(import.meta.dirname, "../energy/fixtures/h100-gemm.json.gz"));

describe("steady time cut at the ticks of the energy counter", () => {
  it("gives the joules of a product of a recorded load within 0.5 %, whatever the phase of the cut", () => {
    const loads = phases.filter((phase) => phase.do === "constant");
    expect(loads.length).toBeGreaterThan(1);
    for (const { from_ns, to_ns } of loads) {
      const perProduct = (begin: number, end: number): number => {
        const cut = cutAtTicks(recording, { from_ns: begin, to_ns: end });
        if ("detail" in cut) throw new Error(cut.detail);
        const products = (t_ns: number): number => work.products[firstAtOrAfter(work.t_ns, t_ns)] ?? Number.NaN;
        expect(Math.abs(cut.energy_j / (cut.sampled_j ?? 0) - 1)).toBeLessThan(0.005);
        return cut.energy_j / (products(cut.to_ns) - products(cut.from_ns));
      };
      const settled = from_ns + 10e9;
      const truth = perProduct(settled, to_ns - 1e9);
      const starts = Array.from({ length: 12 }, (_, index) => settled + index * 2.37e9);
      const cuts = starts.map((begin) => perProduct(begin, begin + 6e9) / truth - 1);
      expect(Math.max(...cuts.map(Math.abs))).toBeLessThan(0.02);
      expect(Math.abs(mean(cuts))).toBeLessThan(0.005);
    }
  });

  it("takes the counter's joules between its own ticks", () => {
    const cut = cutAtTicks(
      recordingOf(() => 300, 20),
      { from_ns: 2.5e9, to_ns: 16.2e9 },
    );
    expect(cut).toMatchObject({ from_ns: 3e9, to_ns: 15e9 });
    expect((cut as { energy_j: number }).energy_j).toBeCloseTo(3600, 6);
  });

  it("is refused without two ticks, and when both sources disagree", () => {
    expect(
      cutAtTicks(
        recordingOf(() => 300, 20),
        { from_ns: 3.1e9, to_ns: 4.9e9 },
      ),
    ).toHaveProperty("detail");
    const off = cutAtTicks(
      recordingOf(() => 300, 20, { counter_gain: 1.05 }),
      { from_ns: 2.5e9, to_ns: 16e9 },
    );
    expect(off).toMatchObject({ detail: expect.stringContaining("sources-disagree") as string });
  });

  it("uses the samples of a sensor that is a counter itself", () => {
    const processor = recordingOf(() => 50, 20, { domain: "cpu-package-0" });
    const streams = new Map([...processor.streams].filter(([quantity]) => quantity === "power"));
    const cut = cutAtTicks({ ...processor, streams }, { from_ns: 2.501e9, to_ns: 12.5e9 });
    expect(cut).toMatchObject({ from_ns: 2.52e9, to_ns: 12.5e9, sampled_j: null });
  });
});
