import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childrenOf, cleanUp, filesBelow, LONG_RUN, makeFolder, startLem } from "./lem-process.ts";

const TOKEN = "hf_NotARealTokenButMustNeverBeSeen";

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => cleanUp(folder));

test.each([
  ["the environment", { HF_TOKEN: TOKEN }, ""],
  [".env", {}, `HF_TOKEN=${TOKEN}\n`],
])(
  "HF_TOKEN from %s reaches no file, no output and no process list",
  async (_, env, dotEnv) => {
    if (dotEnv !== "") writeFileSync(join(folder, ".env"), dotEnv);
    const lem = startLem([...LONG_RUN, "--verbose"], { folder, env });
    await lem.until(/measure|warm|load \d/);
    const processes = [lem.child.pid ?? 0, ...childrenOf(lem.child.pid ?? 0)];
    const lists = processes.map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    lem.child.kill("SIGINT");
    await lem.ended;
    const files = filesBelow(folder).filter((file) => !file.endsWith(".env"));
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter((file) => readFileSync(file).includes(TOKEN))).toEqual([]);
    expect([...lists, lem.text()].filter((text) => text.includes(TOKEN))).toEqual([]);
  },
  60_000,
);
