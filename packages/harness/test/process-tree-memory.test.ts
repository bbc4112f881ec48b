import { describe, expect, it } from "vitest";
import { isAvailable, nanoseconds } from "@lem/domain";
import { openProcessTreeMemory } from "../src/process-tree-memory.ts";

const now = (): ReturnType<typeof nanoseconds> => nanoseconds(Number(process.hrtime.bigint()));

describe("openProcessTreeMemory", () => {
  it.runIf(process.platform === "linux")("sees the resident memory of a real process", () => {
    const sampler = openProcessTreeMemory(process.pid);
    const from = now();
    const { peak, mean } = sampler.between(from, now());
    sampler.stop();
    const resident = process.memoryUsage.rss();
    const values = [peak, mean].map((reading) => (isAvailable(reading) ? reading.value : Number.NaN));
    for (const value of values) expect(Math.abs(value - resident) / resident).toBeLessThan(0.5);
  });
});
