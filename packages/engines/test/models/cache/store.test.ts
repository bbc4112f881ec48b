import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LemError } from "@lem/domain";
import { describe, expect, test } from "vitest";
import { readStored, type ModelFacts } from "../../../src/models/cache/record.ts";
import { storeModel } from "../../../src/models/cache/store.ts";
import { hasCode, temporaryFolder } from "../workplace.ts";

const FACTS: ModelFacts = { name: "m", format: "gguf", source: "test", synthetic: true, weights: "files" };
const MAKE_ONCE = join(import.meta.dirname, "make-once.ts");

const makeOnce = (folder: string, log: string, pause: number): ChildProcess =>
  spawn(process.execPath, [MAKE_ONCE, folder, log, String(pause)], { stdio: "inherit" });

async function stored(content = "whole"): Promise<{ folder: string; made: string[] }> {
  const folder = join(await temporaryFolder(), "m");
  const made: string[] = [];
  await storeModel({ folder, produce: produceOf(content, made) });
  return { folder, made };
}

const produceOf =
  (content: string, made: string[]) =>
  async (temporary: string): Promise<ModelFacts> => {
    made.push(content);
    await writeFile(join(temporary, "m.gguf"), content);
    return FACTS;
  };

describe("storeModel", () => {
  test("makes a model once and finds it again", async () => {
    const { folder, made } = await stored();
    expect(await storeModel({ folder, produce: produceOf("again", made) })).toMatchObject({ folder });
    expect(made).toEqual(["whole"]);
    expect((await readdir(folder)).toSorted()).toEqual(["lem-model.json", "m.gguf"]);
  });

  test("makes it anew when a file is shorter, changed or gone", async () => {
    const { folder, made } = await stored();
    for (const content of ["who", "WHOLE"]) {
      await writeFile(join(folder, "m.gguf"), content);
      expect(await readStored(folder)).toMatchObject({ status: "damaged" });
      await storeModel({ folder, produce: produceOf("whole", made) });
      expect(await readFile(join(folder, "m.gguf"), "utf8")).toBe("whole");
    }
    expect(made).toHaveLength(3);
  });

  test("believes a file that was only touched", async () => {
    const { folder } = await stored();
    await utimes(join(folder, "m.gguf"), 1, 1);
    expect(await readStored(folder)).toMatchObject({ status: "ready" });
  });

  test("leaves nothing when making fails", async () => {
    const parent = await temporaryFolder();
    const produce = async (temporary: string): Promise<ModelFacts> => {
      await writeFile(join(temporary, "m.gguf"), "half");
      throw new LemError("model.no-source", "gone");
    };
    await expect(storeModel({ folder: join(parent, "m"), produce })).rejects.toSatisfy(hasCode("model.no-source"));
    expect(await readdir(parent)).toEqual([]);
  });

  test("two processes make it once", { timeout: 60_000 }, async () => {
    const parent = await temporaryFolder();
    const [folder, log] = [join(parent, "m"), join(parent, "log")];
    const both = [makeOnce(folder, log, 500), makeOnce(folder, log, 500)];
    const codes = await Promise.all(both.map((child) => once(child, "exit")));
    expect(codes.map(([code]) => code as number)).toEqual([0, 0]);
    expect(await readFile(log, "utf8")).toBe("made\n");
    expect(await readFile(join(folder, "m.gguf"), "utf8")).toBe("whole");
  });

  test("what a killed process left is not believed, and its lock is taken over", { timeout: 60_000 }, async () => {
    const parent = await temporaryFolder();
    const [folder, log] = [join(parent, "m"), join(parent, "log")];
    const killed = makeOnce(folder, log, 600_000);
    while (!existsSync(join(`${folder}.tmp`, "m.gguf"))) await sleep(50);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    expect(await readStored(folder)).toEqual({ status: "absent" });
    await storeModel({ folder, produce: produceOf("whole", []) });
    expect(await readFile(join(folder, "m.gguf"), "utf8")).toBe("whole");
    expect((await readdir(parent)).toSorted()).toEqual(["log", "m"]);
  });
});
