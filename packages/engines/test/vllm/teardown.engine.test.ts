import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkerSession } from "../../src/worker/session.ts";
import { loadBody, runGroups, temporaryFolder } from "../fixtures/real-engine.ts";
import { folderOf, GREEDY, openEngine } from "./fixtures/engine.ts";

const REQUEST = { r: 0, tokens: [50, 60], output_tokens: 4 };

/** Processes of a worker's group that run. */
function members(leader: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
        const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return Number(group) === leader && state !== "Z" && state !== "X";
      } catch {
        return false;
      }
    });
}

/** Files of shared memory that processes have mapped. */
function sharedMemoryOf(pids: readonly number[]): string[] {
  const maps = pids.map((pid) => readFileSync(`/proc/${pid}/maps`, "latin1")).join("\n");
  return [...new Set([...maps.matchAll(/\/dev\/shm\/psm_\w+/g)].map(([file]) => file))];
}

async function goneWithin(leader: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (members(leader).length > 0) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

describe("the engine's processes", { timeout: 600_000 }, () => {
  const [folder, remove] = temporaryFolder();
  let session: WorkerSession;
  let model: string;

  beforeAll(async () => {
    model = await folderOf("builtin:tiny");
  }, 120_000);

  afterAll(() => {
    remove();
  }, 120_000);

  it("a start that only a process of the engine refuses fails with that process's own words", async () => {
    session = await openEngine(folder);
    const sections = { ...GREEDY, engine: { ...GREEDY["engine"], load_format: "nope" } };
    await expect(session.request("load", loadBody(model, sections))).rejects.toMatchObject({
      code: "worker.failed",
      message: expect.stringContaining("Load format `nope`"),
      context: { engine_error: { type: "ValueError" } },
    });
    await session.request("load", loadBody(model, GREEDY));
    expect((await runGroups(session, [[REQUEST]])).answers[0]?.ids).toHaveLength(4);
  });

  it("unloading ends them, and the worker ends by itself", async () => {
    expect(members(session.pid).length).toBeGreaterThan(2);
    const segments = sharedMemoryOf(members(session.pid));
    expect(segments.length).toBeGreaterThan(0);
    await session.request("unload", {});
    expect(segments.filter((file) => existsSync(file))).toEqual([]);
    const left = members(session.pid).length;
    await session.request("load", loadBody(model, GREEDY));
    expect(members(session.pid).length).toBeGreaterThan(left);
    const outcome = await session.close();
    expect(outcome).toMatchObject({ exitCode: 0, killedBy: "nothing" });
    expect(members(session.pid)).toEqual([]);
  });

  it("killing the worker leaves none of them", async () => {
    const own = await openEngine(folder);
    await own.request("load", loadBody(model, GREEDY));
    process.kill(own.pid, "SIGKILL");
    expect(await goneWithin(own.pid, 5000)).toBe(true);
    await own.kill();
  });

  it("a process of the engine that dies at work ends the run with an error, and nothing hangs", async () => {
    const own = await openEngine(folder);
    await own.request("load", loadBody(model, GREEDY));
    const victims = members(own.pid).filter((pid) => isEngineCore(pid));
    expect(victims.length).toBeGreaterThan(0);
    for (const pid of victims) process.kill(pid, "SIGKILL");
    await expect(runGroups(own, [[REQUEST]])).rejects.toMatchObject({ code: "worker.failed" });
    await own.close();
    expect(await goneWithin(own.pid, 5000)).toBe(true);
  });
});

function isEngineCore(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("EngineCore");
}
