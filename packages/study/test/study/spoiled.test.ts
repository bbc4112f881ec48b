import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mayFreezeFiles, mayMount } from "../../../../scripts/test-machine.mjs";
import { KilledStudy } from "../fixtures/killed-study.ts";

/** A results folder that takes nothing more, in the middle of a study: a clear error, and it can be resumed. */

let study: KilledStudy;
beforeEach(() => {
  study = new KilledStudy({ points: 3 });
  mkdirSync(study.resultsDir);
});
afterEach(() => {
  spawnSync("chattr", ["-R", "-i", study.resultsDir]);
  spawnSync("umount", [study.resultsDir]);
  study.remove();
});

const NOTHING = { lost: 0, repeated: 0, orphans: 0, unreadable: 0 };

async function resumed(): Promise<void> {
  const { outcome, said } = await study.live();
  expect(outcome, said).toMatchObject({ status: "completed", counts: { completed: 3 } });
  expect(await study.losses()).toEqual(NOTHING);
}

test.runIf(mayMount()).each(["start", "finish"] as const)(
  "a disk that is full at a %s: io.disk-full, resumable [needs mount]",
  { timeout: 180_000 },
  async (type) => {
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", study.resultsDir]);
    const { said } = await study.live({ spoil: { how: "full", at: "before", type, nth: 2 } });
    expect(said).toContain("io.disk-full");
    expect(await study.manifest()).toMatchObject({ entries: [{ status: "completed" }, {}, { status: "pending" }] });
    rmSync(join(study.resultsDir, "filler"));
    await resumed();
  },
);

test.runIf(mayFreezeFiles()).each(["start", "finish"] as const)(
  "a folder that becomes read-only at a %s: io.permission, resumable [needs chattr]",
  { timeout: 180_000 },
  async (type) => {
    const { said } = await study.live({ spoil: { how: "read-only", at: "before", type, nth: 2 } });
    expect(said).toContain("io.permission");
    expect((await study.live()).said).toContain("io.permission");
    spawnSync("chattr", ["-R", "-i", study.resultsDir]);
    await resumed();
  },
);
