import { describe, expect, it } from "vitest";
import {
  bytes,
  flops,
  joules,
  milliseconds,
  nanoseconds,
  nsToMilliseconds,
  nsToSeconds,
  seconds,
  secondsToNs,
  tokens,
  UNITS,
  watts,
  type Joules,
  type Seconds,
} from "../src/units.ts";

const energyOver = (energy: Joules, length: Seconds): number => energy / length;

describe("units", () => {
  it("are numbers at run time", () => {
    const quantities = [
      joules(1),
      watts(2),
      seconds(3),
      milliseconds(4),
      nanoseconds(5),
      bytes(6),
      tokens(7),
      flops(8),
    ];
    expect(quantities).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(JSON.stringify({ energy_j: joules(1.5) })).toBe('{"energy_j":1.5}');
  });

  it("are not mistaken for one another by the compiler", () => {
    expect(energyOver(joules(10), seconds(2))).toBe(5);
    // @ts-expect-error the arguments are swapped
    expect(energyOver(seconds(2), joules(10))).toBe(0.2);
    // @ts-expect-error a raw number has no unit
    expect(energyOver(10, seconds(2))).toBe(5);
    // @ts-expect-error milliseconds are no seconds
    expect(energyOver(joules(10), milliseconds(2))).toBe(5);
    // @ts-expect-error a sum has lost its unit
    const sum: Joules = joules(1) + joules(2);
    expect(sum).toBe(3);
  });

  it("convert between scales of time", () => {
    expect(nsToSeconds(nanoseconds(1_500_000_000))).toBe(1.5);
    expect(nsToMilliseconds(nanoseconds(1_500_000))).toBe(1.5);
    expect(secondsToNs(seconds(0.1))).toBe(100_000_000);
    expect(secondsToNs(nsToSeconds(nanoseconds(123_456_789)))).toBe(123_456_789);
  });

  it("are listed once each", () => {
    expect(new Set(UNITS).size).toBe(UNITS.length);
  });
});
