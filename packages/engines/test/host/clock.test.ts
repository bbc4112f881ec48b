import { expect, test } from "vitest";
import { openDiscipline } from "../../src/host/adjtimex.ts";
import { clockFacts } from "../../src/host/clock.ts";
import { said } from "../fixtures/facts.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";

const DISCIPLINE = {
  synchronised: true,
  max_error_s: 0.004,
  estimated_error_s: 0.0002,
  frequency_ppm: -12.5,
  wall_us: 1_795_318_377_958_558,
};

test("the clock's source and its discipline", async () => {
  const facts = await clockFacts(await recordedTree(BARE_METAL), async () => () => DISCIPLINE);
  expect(said(facts["source"])).toBe("tsc");
  expect(said(facts["synchronised"])).toBe(true);
  expect(facts["max_error_s"]).toMatchObject({ value: 0.004, unit: "s" });
  expect(said(facts["frequency_correction_ppm"])).toBe(-12.5);
  expect(said(facts["wall_monotonic_pair"])).toMatchObject({ wall_us: 1_795_318_377_958_558 });
});

test("without the discipline, synchronisation is unknown and the pair comes from the runtime's clock", async () => {
  const before = Date.now() * 1000;
  const facts = await clockFacts(await recordedTree({}), async () => undefined);
  expect(said(facts["synchronised"])).toBe("<not-supported>");
  const pair = said(facts["wall_monotonic_pair"]) as { wall_us: number; uncertainty_ns: number };
  expect(pair.wall_us).toBeGreaterThanOrEqual(before);
  expect(pair.uncertainty_ns).toBeGreaterThanOrEqual(1e6);
});

test("on this Linux machine adjtimex tells the same wall time as the runtime", async () => {
  const read = await openDiscipline();
  const before = Date.now();
  const wall = read?.()?.wall_us ?? 0;
  expect(wall / 1000).toBeGreaterThanOrEqual(before - 1);
  expect(wall / 1000).toBeLessThanOrEqual(Date.now() + 1);
});

test("on Linux, the boot from which CLOCK_MONOTONIC counts", { skip: process.platform !== "linux" }, async () => {
  const [first, second] = [await clockFacts({ root: "/" }), await clockFacts({ root: "/" })];
  expect(said(first["boot"])).toMatch(/^[\da-f-]{36}$/);
  expect(said(second["boot"])).toBe(said(first["boot"]));
});

test("two pairs a moment apart agree on the offset between the clocks", async () => {
  const offset = async (): Promise<number> => {
    const pair = said((await clockFacts({ root: "/" }))["wall_monotonic_pair"]) as Record<string, number>;
    return (pair["wall_us"] ?? 0) - (pair["monotonic_ns"] ?? 0) / 1000;
  };
  const [first, second] = [await offset(), await offset()];
  expect(Math.abs(second - first)).toBeLessThan(5000);
});
