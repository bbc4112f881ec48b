import { describe, expect, it } from "vitest";
import { countParameters } from "../../src/flops/parameters.ts";
import { readShape } from "../../src/flops/read-shape.ts";
import { recordedCounts } from "./torch-counts.ts";

describe("parameter count equals num_parameters() of transformers", () => {
  it.each(recordedCounts().cases)("$name", ({ config, counts }) => {
    expect(countParameters(readShape(config).shape)).toBe(counts.parameters);
  });
});
