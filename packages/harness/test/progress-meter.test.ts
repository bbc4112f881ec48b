import { describe, expect, it } from "vitest";
import type { LemEvent } from "@lem/domain";
import { ProgressMeter } from "../src/progress-meter.ts";

describe("ProgressMeter", () => {
  it("tells the end, and at most five events a second before it", () => {
    const events: LemEvent[] = [];
    const start = process.hrtime.bigint();
    const meter = new ProgressMeter((event) => events.push(event), { window: 1, total: 20_000 });
    for (let done = 1; done <= 20_000; done++) meter.update(done);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    expect(events.length).toBeLessThanOrEqual(1 + Math.ceil(5 * seconds));
    expect(events.at(-1)).toMatchObject({ type: "tokens", window: 1, done: 20_000, total: 20_000 });
  });
});
