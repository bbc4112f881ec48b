import { describe, expect, it } from "vitest";
import { LemError, type LemEvent } from "@lem/domain";
import { PhaseClock } from "../src/phase-clock.ts";

describe("PhaseClock", () => {
  it("records phases with their edges in order", async () => {
    const events: LemEvent[] = [];
    const clock = new PhaseClock((event) => events.push(event));
    expect(await clock.during("load", () => Promise.resolve(7))).toBe(7);
    await clock.during("measure", () => Promise.resolve());
    expect(clock.records.map(({ phase }) => phase)).toEqual(["load", "measure"]);
    expect(clock.records.every(({ seconds }) => seconds >= 0)).toBe(true);
    expect(events.map((event) => event.type)).toEqual([
      "phase-started",
      "phase-finished",
      "phase-started",
      "phase-finished",
    ]);
    expect(clock.failedIn).toBeUndefined();
  });

  it("remembers the phase that failed and passes the error on", async () => {
    const clock = new PhaseClock(() => {});
    const failing = clock.during("warmup", () => Promise.reject(new LemError("worker.crashed", "gone")));
    await expect(failing).rejects.toMatchObject({ code: "worker.crashed" });
    expect(clock.failedIn).toBe("warmup");
    expect(clock.records).toHaveLength(1);
  });
});
