import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cannotSimulate, SimulatedMachine } from "../support/simulated-machine.ts";

interface Told {
  readonly kinds: readonly string[];
  readonly moments: readonly string[];
  readonly idle_w: object;
  readonly reuse: { readonly age_s: number } | null;
  readonly same: string;
  readonly stored: string;
}

let machine: SimulatedMachine;
beforeAll(async () => {
  machine = await SimulatedMachine.build();
});
afterAll(() => machine.remove());

describe.skipIf(cannotSimulate)("the idle power beside an engine that is kept [needs cc]", { timeout: 120_000 }, () => {
  it("is that of the bare machine before it was started, with its age, and the loaded one is measured anew", async () => {
    const [first, second, last] = (await machine.run("kept-program.ts", {
      idle_s: [0.5, 0.5, 0.5],
    })) as readonly Told[];
    expect(first).toMatchObject({ reuse: null, kinds: ["bare-before", "loaded-before", "loaded-after"] });
    for (const later of [second, last]) {
      expect(later).toMatchObject({
        reuse: { status: "reused", seconds: expect.closeTo(0.5, 1), age_s: expect.any(Number) },
        kinds: ["bare-before", "loaded-before", "loaded-after"],
        moments: expect.arrayContaining(["loaded-before", "loaded-after"]),
        idle_w: { value: expect.closeTo(300, 3), n: 1 },
      });
      expect(later?.moments).not.toContain("bare-before");
      expect(later?.same).toBe(later?.stored);
    }
    const ages = [second, last].map((each) => each?.reuse?.age_s ?? 0);
    expect(ages[0]).toBeGreaterThan(1);
    expect(ages[1]).toBeGreaterThan((ages[0] ?? 0) + 1);
  });

  it("is none where the run that loaded it measured none", async () => {
    const [, second] = (await machine.run("kept-program.ts", { idle_s: [0, 0.5] })) as readonly Told[];
    expect(second).toMatchObject({ reuse: { status: "refused", why: expect.stringContaining("measured none") } });
  });
});
