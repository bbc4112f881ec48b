import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mayMount } from "../../../../scripts/test-machine.mjs";
import { cleanUp, filesBelow, makeFolder, startLem } from "./lem-process.ts";

let folder: string;
let disk: string;
beforeEach(() => {
  folder = makeFolder();
  disk = join(folder, "disk");
  mkdirSync(disk);
});
afterEach(() => {
  spawnSync("umount", [disk]);
  cleanUp(folder);
});

const mountSmallDisk = (kib: number): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", disk]).status === 0;

test.runIf(mayMount())(
  "a full disk under the results: io.disk-full, exit 1, and no partial file [needs mount]",
  async () => {
    expect(mountSmallDisk(40)).toBe(true);
    const work = ["workload.n=20", "workload.output_tokens=64", "measurement.windows=2", "llama-cpp.context.threads=1"];
    const set = work.flatMap((field) => ["--set", field]);
    const lem = startLem(["run", "--model", "builtin:tiny", "--out", disk, ...set], { folder });
    expect(await lem.ended).toBe(1);
    expect(lem.text()).toContain("io.disk-full");
    const files = filesBelow(disk);
    expect(files.filter((file) => file.endsWith(".tmp"))).toEqual([]);
    for (const file of files.filter((name) => name.endsWith(".json"))) JSON.parse(readFileSync(file, "utf8"));
  },
  60_000,
);
