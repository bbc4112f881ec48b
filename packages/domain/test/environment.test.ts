import { describe, expect, it } from "vitest";
import { fact, FACT_GROUPS, missingFact } from "../src/environment.ts";

describe("facts of the environment", () => {
  it("name their source, and their unit where they have one", () => {
    expect(fact(8, "/proc/cpuinfo")).toEqual({ status: "measured", value: 8, source: "/proc/cpuinfo" });
    expect(fact(300, "NVML", "W")).toEqual({ status: "measured", value: 300, source: "NVML", unit: "W" });
  });

  it("are missing with a reason", () => {
    expect(missingFact("no-permission", "only root may read it")).toEqual({
      status: "unavailable",
      reason: "no-permission",
      detail: "only root may read it",
    });
  });

  it("come in groups that are listed once", () => {
    expect(new Set(FACT_GROUPS).size).toBe(FACT_GROUPS.length);
  });
});
