import { describe, expect, it } from "vitest";
import { nanoseconds } from "@lem/domain";
import type { DomainEnergy, EnergySampler } from "../../src/energy/sampler.ts";

/** What the contract suite needs to work with a sampler. */
export interface SamplerCase {
  readonly sampler: EnergySampler;
  /** Passes time, so that samples come in; answers the instant reached on the sampler's clock. */
  readonly pass: (seconds: number) => Promise<number>;
}

/** What every energy sampler keeps; called by the test file of each. */
export function samplerContract(name: string, open: () => Promise<SamplerCase>): void {
  describe(`${name} keeps the sampler contract`, () => {
    const opened = async (): Promise<SamplerCase & { readonly begin: number; readonly end: number }> => {
      const parts = await open();
      await parts.sampler.start();
      const begin = await parts.pass(0.1);
      return { ...parts, begin, end: await parts.pass(1) };
    };
    const total = async (sampler: EnergySampler, from: number, to: number): Promise<readonly number[]> =>
      (await sampler.energyBetween(nanoseconds(from), nanoseconds(to))).map((part) =>
        part.status === "measured" ? part.energy_j : Number.NaN,
      );

    it("answers each domain once, with a source and a gain error", async () => {
      const { sampler, begin, end } = await opened();
      const parts = await sampler.energyBetween(nanoseconds(begin), nanoseconds(end));
      expect(parts.length).toBeGreaterThan(0);
      expect(new Set(parts.map(({ domain }) => domain)).size).toBe(parts.length);
      expect(parts.filter((part) => !isWellFormed(part))).toEqual([]);
      await sampler.stop();
    });

    it("adds up: energy of the parts of an interval is that of the whole", async () => {
      const { sampler, begin, end } = await opened();
      const middle = begin + 0.37 * (end - begin);
      const [whole, first, second] = await Promise.all([
        total(sampler, begin, end),
        total(sampler, begin, middle),
        total(sampler, middle, end),
      ]);
      whole.forEach((energy, index) => {
        const sum = (first[index] ?? 0) + (second[index] ?? 0);
        expect(Math.abs(sum - energy)).toBeLessThanOrEqual(1e-9 * Math.max(1, energy));
      });
      expect((await total(sampler, middle, middle)).every((energy) => energy === 0)).toBe(true);
      await sampler.stop();
    });

    it("gives samples of its domains in order of time, none before the start", async () => {
      const { sampler, pass, begin, end } = await opened();
      const domains = (await sampler.energyBetween(nanoseconds(begin), nanoseconds(end))).map(({ domain }) => domain);
      const samples = sampler.samples();
      expect(samples.length).toBeGreaterThan(0);
      expect(samples.every(({ domain, power_w }) => domains.includes(domain) && power_w >= 0)).toBe(true);
      const times = samples.map(({ t_ns }) => t_ns);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThanOrEqual(await pass(0));
      await sampler.stop();
    });

    it("refuses intervals outside the sampling as a defect of its caller", async () => {
      const { sampler, begin, end } = await opened();
      const ask = (from: number, to: number): Promise<unknown> =>
        sampler.energyBetween(nanoseconds(from), nanoseconds(to));
      await expect(ask(end, begin)).rejects.toMatchObject({ code: "internal.bug" });
      await expect(ask(begin - 60e9, end)).rejects.toMatchObject({ code: "internal.bug" });
      const { sampler: idle } = await open();
      await expect(idle.energyBetween(nanoseconds(0), nanoseconds(1))).rejects.toMatchObject({ code: "internal.bug" });
      await sampler.stop();
    });

    it("takes no more samples after stop, which may be called twice", async () => {
      const { sampler, pass } = await opened();
      await sampler.stop();
      const count = sampler.samples().length;
      await pass(1);
      await sampler.stop();
      expect(sampler.samples()).toHaveLength(count);
    });
  });
}

function isWellFormed(part: DomainEnergy): boolean {
  if (part.status === "unavailable") return part.detail !== "";
  return part.energy_j >= 0 && part.relative_gain_error >= 0 && part.source !== "";
}
