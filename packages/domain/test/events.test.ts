import { describe, expect, it } from "vitest";
import { PHASES, type LemEvent } from "../src/events.ts";
import { ERROR_CODES } from "../src/errors.ts";

describe("events", () => {
  it("have phases that are listed once, in their order", () => {
    expect(new Set(PHASES).size).toBe(PHASES.length);
    expect(PHASES.indexOf("load")).toBeLessThan(PHASES.indexOf("measure"));
    expect(PHASES.indexOf("warmup")).toBeLessThan(PHASES.indexOf("measure"));
    expect(PHASES.at(-1)).toBe("teardown");
  });

  it("are data that survive a line of JSON", () => {
    const event: LemEvent = { type: "problem", code: "config.unknown-key", message: "no such key", place: { line: 3 } };
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    expect(ERROR_CODES).toHaveProperty([event.code]);
  });

  it("cannot carry a type that is not in the union", () => {
    // @ts-expect-error not an event
    const event: LemEvent = { type: "nonsense" };
    expect(event).toBeDefined();
  });
});
