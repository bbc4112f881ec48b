import { describe, expect, it } from "vitest";
import { isAvailable, unavailable, type AvailableReading } from "@lem/domain";
import type { DomainEnergy } from "../../src/energy/sampler.ts";
import { energyReadings } from "../../src/readings/energy.ts";
import { windowOf } from "../support/measurement.ts";

const joulesOf = (domain: string, energy_j: number, relative_gain_error = 0.05): DomainEnergy => ({
  status: "measured",
  domain,
  energy_j,
  source: "ring",
  relative_gain_error,
});
const windows = (...energies: (readonly DomainEnergy[])[]): ReturnType<typeof windowOf>[] =>
  energies.map((energy, window) => windowOf(window, { energy }));

describe("energyReadings", () => {
  it("divides the energy of all windows by what was done in them", () => {
    const found = energyReadings(windows([joulesOf("gpu0", 600)], [joulesOf("gpu0", 1000)]));
    expect(found).toMatchObject({
      total_j: { status: "measured", value: 1600, unit: "J" },
      joules_per_output_token: { value: 100, unit: "J/token" },
      joules_per_total_token: { value: 1600 / 56 },
      joules_per_request: { value: 400, unit: "J/request" },
      output_tokens_per_joule: { value: 0.01, unit: "token/J" },
      mean_power: { value: 1600 / 12, unit: "W" },
    });
  });

  it("tells how far the windows differ, and nothing of that from one window", () => {
    const found = energyReadings(windows([joulesOf("gpu0", 600)], [joulesOf("gpu0", 1000)]));
    const studentT = 12.706;
    const standardError = Math.abs(125 - 75) / 2;
    const { interval } = found.joules_per_output_token as AvailableReading;
    expect(interval?.method).toBe("student-t");
    expect(interval?.high).toBeCloseTo(100 + studentT * standardError, 1);
    expect(energyReadings(windows([joulesOf("gpu0", 600)])).mean_power).not.toHaveProperty("interval");
  });

  it("carries the sensor's gain error on every figure", () => {
    const found = Object.values(energyReadings(windows([joulesOf("gpu0", 600)]))).filter(isAvailable);
    expect(found.length).toBeGreaterThan(5);
    expect(found.map((reading) => reading.systematic?.relative)).toEqual(found.map(() => 0.05));
  });

  it("names the domains that it adds, and keeps each", () => {
    const found = energyReadings(windows([joulesOf("gpu0", 600), joulesOf("cpu", 100, 0.1)]));
    expect(found.total_j).toMatchObject({
      value: 700,
      source: expect.stringContaining("gpu0 + cpu"),
      systematic: { relative: 0.1 },
    });
    expect(found["total_j.gpu0"]).toMatchObject({ value: 600 });
    expect(found["total_j.cpu"]).toMatchObject({ value: 100 });
  });

  it("has no total as soon as one domain is missing in one window", () => {
    const lost: DomainEnergy = { domain: "cpu", ...unavailable("read-failed", "a gap") };
    const found = energyReadings(windows([joulesOf("gpu0", 600), joulesOf("cpu", 100)], [joulesOf("gpu0", 600), lost]));
    expect(found.total_j).toMatchObject({ status: "unavailable", reason: "read-failed" });
    expect(found.mean_power).toMatchObject({ status: "unavailable", reason: "read-failed" });
    expect(found["total_j.gpu0"]).toMatchObject({ value: 1200 });
  });

  it("keeps the reason of a machine without sensors", () => {
    const found = energyReadings([windowOf(0)]);
    expect(found.joules_per_output_token).toMatchObject({ status: "unavailable", reason: "no-sensor" });
  });
});
