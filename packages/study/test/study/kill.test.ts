import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KilledStudy } from "../fixtures/killed-study.ts";
import type { ProgramOptions } from "../fixtures/study-program.ts";

/** Twenty deaths of real studies with a real engine; `pnpm bench kill` has the hundreds. */

let study: KilledStudy;
beforeEach(() => {
  study = new KilledStudy({ points: 4, set: ["measurement.windows=2"] });
});
afterEach(() => study.remove());

const NOTHING = { lost: 0, repeated: 0, orphans: 0, unreadable: 0 };
type Death = NonNullable<ProgramOptions["die"]>;

const DEATHS: readonly Death[] = (["begin", "start", "reopen", "finish", "end"] as const).flatMap((type) =>
  (["before", "written", "after"] as const).map((at) => ({ at, type, nth: 1 })),
);

test("killed at each transition in turn: nothing lost, nothing repeated, no orphan", { timeout: 300_000 }, async () => {
  for (const die of DEATHS) {
    const { outcome, said } = await study.live({ die });
    expect(outcome, `${JSON.stringify(die)}: ${said}`).toBeUndefined();
  }
  const { outcome, said } = await study.live();
  expect(outcome, said).toMatchObject({ status: "completed", counts: { completed: 4, running: 0, pending: 0 } });
  expect(await study.losses()).toEqual(NOTHING);
});

/** Pids of a process's children. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

test.each(["parent", "worker", "both"] as const)("%s killed at odd moments", { timeout: 300_000 }, async (victim) => {
  for (const delay of [900, 1600]) {
    await study.live({
      disturb: (child) => {
        const timer = setTimeout(() => {
          const workers = childrenOf(child.pid ?? 0);
          study.watch(workers);
          if (victim !== "parent") for (const pid of workers) process.kill(pid, "SIGKILL");
          if (victim !== "worker") child.kill("SIGKILL");
        }, delay);
        child.on("exit", () => clearTimeout(timer));
      },
    });
  }
  const { outcome, said } = await study.live();
  expect(outcome, said).toMatchObject({ status: "completed", counts: { completed: 4 } });
  expect(await study.losses()).toEqual(NOTHING);
});

test("a study whose engine is kept, killed between and within its runs", { timeout: 300_000 }, async () => {
  const set = ["workload.output_tokens=8"];
  const kept = new KilledStudy({ points: 4, oneLoad: true, execution: { keep_loaded: true }, set });
  try {
    for (const die of [
      { at: "after", type: "finish", nth: 1 },
      { at: "before", type: "start", nth: 2 },
      { at: "after", type: "start", nth: 2 },
    ] as const) {
      const { outcome, said } = await kept.live({ die });
      expect(outcome, `${JSON.stringify(die)}: ${said}`).toBeUndefined();
    }
    const { outcome, said } = await kept.live();
    expect(outcome, said).toMatchObject({ status: "completed", counts: { completed: 4 } });
    expect(await kept.losses()).toEqual(NOTHING);
  } finally {
    kept.remove();
  }
});

test("a study with a journal, killed in the middle of it", { timeout: 300_000 }, async () => {
  const large = new KilledStudy({ points: 300, scripted: true });
  try {
    for (const nth of [1, 2, 3, 40]) {
      for (const at of ["before", "after"] as const) {
        const { outcome, said } = await large.live({ die: { at, type: nth % 2 === 0 ? "finish" : "start", nth } });
        expect(outcome, said).toBeUndefined();
      }
    }
    const { outcome, said } = await large.live();
    expect(outcome, said).toMatchObject({ status: "completed", counts: { completed: 300 } });
    expect(await large.losses()).toEqual(NOTHING);
  } finally {
    large.remove();
  }
});
