import { describe, expect, it } from "vitest";
import { estimateFlops } from "../../src/flops/flops.ts";
import { KNOWN_MODEL_TYPES } from "../../src/flops/read-shape.ts";
import { recordedCounts } from "./torch-counts.ts";

const { cases } = recordedCounts();
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("executed FLOPs equal what torch counted", () => {
  it.each(cases)("$name", ({ config, input, output, batch, counts }) => {
    const { executed, method } = estimateFlops(config, { input, output, batch });
    const decode = sum(counts.decode);
    expect(method).toBe("analytic");
    expect(executed).toEqual({ prefill: counts.prefill, decode, total: counts.prefill + decode });
  });

  it.each(cases.filter(({ counts }) => counts.decode.length > 0))(
    "$name, step by step",
    ({ config, input, batch, counts }) => {
      const after = (output: number): number => estimateFlops(config, { input, output, batch }).executed.decode;
      const steps = counts.decode.map((_, step) => after(step + 2) - after(step + 1));
      expect(steps).toEqual(counts.decode);
    },
  );

  it.each(cases)("$name, from the config.json that transformers saves", ({ config, saved, ...work }) => {
    const { executed, causal, parameters } = estimateFlops(config, work);
    expect(estimateFlops(saved, work)).toEqual({
      method: "analytic",
      confidence: "exact",
      notes: [],
      executed,
      causal,
      parameters,
    });
  });

  it("has a recorded count for every known model type", () => {
    const recorded = new Set(cases.map(({ config }) => config["model_type"]));
    expect(KNOWN_MODEL_TYPES.filter((type) => !recorded.has(type))).toEqual([]);
  });
});
