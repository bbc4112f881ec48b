import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reading } from "@lem/domain";
import type { IdleReuse } from "../../src/energy/baseline.ts";
import { cannotSimulate, SimulatedMachine } from "../support/simulated-machine.ts";

interface Said {
  readonly reuse: IdleReuse;
  readonly bare: number;
  readonly idle_w: Reading;
  readonly baselines_s: readonly number[];
}

let machine: SimulatedMachine;
beforeAll(async () => {
  machine = await SimulatedMachine.build();
});
afterAll(() => machine.remove());

/** A whole measurement with idleness before and after. */
const run = (
  name: string,
  strategy: "fresh" | "validated" | "cached",
  env: Readonly<Record<string, string>> = {},
): Promise<Said> =>
  machine.run<Said>(
    "fault-program.ts",
    { windows: 1, seconds: 0.2, idle_s: 0.5, strategy, idleCache: machine.path(name) },
    env,
  );

describe.skipIf(cannotSimulate)(
  "the idle power of an earlier run [needs cc]",
  { timeout: 120_000, concurrent: true },
  () => {
    it("is none at first; what is measured then is taken by the next run of the same state", async () => {
      const first = await run("same", "cached");
      expect(first.reuse).toMatchObject({ status: "refused", why: expect.stringContaining("none of gpu0") });
      // Watching its sources had woken the GPU: a bare one needs two seconds to fall asleep again.
      expect(first.baselines_s[0]).toBeGreaterThan(3);
      expect([first.bare, first.idle_w]).toMatchObject([2, { value: expect.closeTo(300, 3), n: 2 }]);
      for (const strategy of ["cached", "validated"] as const) {
        const next = await run("same", strategy);
        expect(next.reuse).toMatchObject({ status: "reused", age_s: expect.closeTo(50, -2) });
        expect([next.bare, next.idle_w]).toMatchObject([1, { value: expect.closeTo(300, 3), n: 1 }]);
      }
    });

    it("is refused after a change of the power limit, and where the machine draws something else", async () => {
      await run("other", "fresh");
      const limited = await run("other", "cached", { SIM_LIMIT_W: "400" });
      expect(limited.reuse).toMatchObject({ status: "refused", why: expect.stringContaining("power_limit_mw") });
      await run("other", "fresh");
      const hungrier = await run("other", "validated", { SIM_HIGH_W: "310" });
      expect(hungrier.reuse).toMatchObject({ status: "refused", why: expect.stringContaining("310.0 W") });
      expect(hungrier.idle_w).toMatchObject({ value: expect.closeTo(310, 3), n: 2 });
    });
  },
);
