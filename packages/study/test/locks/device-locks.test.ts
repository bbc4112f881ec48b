import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LemEvent } from "@lem/domain";
import type { Nvml } from "@lem/engines/host";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDevices, type DeviceLockOptions, type DeviceLocks } from "../../src/locks/device-locks.ts";
import { readManifest } from "../../src/manifest/read.ts";
import { listStudies } from "../../src/results/read.ts";

const PROGRAM = new URL("../fixtures/study-program.ts", import.meta.url).pathname;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-devices-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NO_NVML: DeviceLockOptions["open"] = () =>
  Promise.resolve({ status: "missing", reason: "no-sensor", detail: "no NVML" });

const optionsOf = (events: LemEvent[] = [], signal = new AbortController().signal): DeviceLockOptions => ({
  env: { LEM_LOCKS: folder },
  emit: (event) => void events.push(event),
  signal,
  command: ["lem", "run", "a.yaml"],
  open: NO_NVML,
});

test("a machine without a GPU is one device; who waits is told who has it, and gets it", async () => {
  const first = await lockDevices(optionsOf());
  expect(first.devices).toEqual(["cpu"]);
  const events: LemEvent[] = [];
  const second = lockDevices(optionsOf(events));
  await expect.poll(() => events).toMatchObject([{ type: "waiting", reason: "lock" }]);
  expect(JSON.stringify(events)).toContain(`\`lem run a.yaml\` (pid ${process.pid}) has cpu since`);
  await first.release();
  await (await second).release();
  expect(readdirSync(folder)).toEqual([]);
});

const UUIDS = ["GPU-b", "GPU-a"];
/** A machine with two GPUs. */
const TWO_GPUS: DeviceLockOptions["open"] = () => {
  const answers: Readonly<Record<string, unknown>> = { nvmlDeviceGetCount_v2: 2, nvmlDeviceGetName: "H100" };
  const ask: Nvml["ask"] = (call, gpu) => {
    const value = call === "nvmlDeviceGetUUID" ? UUIDS[Number(gpu)] : answers[call];
    return value === undefined ? { ok: false, code: 3 } : { ok: true, value: value as string };
  };
  return Promise.resolve({ status: "open", nvml: { ask, close: () => undefined } as Nvml });
};

test("GPUs are locked by UUID, those only that an engine would see; of an unclear choice all", async () => {
  const on = (devices?: string): Promise<DeviceLocks> => {
    const env = { LEM_LOCKS: folder, ...(devices !== undefined && { CUDA_VISIBLE_DEVICES: devices }) };
    return lockDevices({ ...optionsOf(), env, open: TWO_GPUS });
  };
  const [first, second] = await Promise.all([on("0"), on("1")]);
  expect([first.devices, second.devices]).toEqual([["GPU-b"], ["GPU-a"]]);
  const turns = [on(), on("7")].map(async (locks) => {
    const held = await locks;
    expect(held.devices).toEqual(["GPU-a", "GPU-b"]);
    await held.release();
  });
  await first.release();
  await second.release();
  await Promise.all(turns);
  const none = await on("");
  expect(none.devices).toEqual(["cpu"]);
  await none.release();
});

test("waiting ends when the user interrupts it", async () => {
  const first = await lockDevices(optionsOf());
  const stop = new AbortController();
  const second = lockDevices(optionsOf([], stop.signal));
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: "run.interrupted" });
  await first.release();
});

test("an engine that outlived its study is ended by the next one; a later process of its number is not", async () => {
  const orphan = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const bystander = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const ended = once(orphan, "exit");
  const dead = { pid: 1, command: "lem run", since: "" };
  const startOf = (pid = 0): string | undefined =>
    readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19];
  for (const [pid, started] of [
    [orphan.pid, startOf(orphan.pid)],
    [bystander.pid, "1"],
  ] as const) {
    writeFileSync(join(folder, "cpu.lock"), JSON.stringify({ ...dead, worker: { pid, started } }));
    await (await lockDevices(optionsOf())).release();
  }
  await ended;
  expect(orphan.signalCode).toBe("SIGKILL");
  expect(bystander.exitCode).toBeNull();
  bystander.kill("SIGKILL");
});

test("two studies started together never overlap, with real processes", { timeout: 240_000 }, async () => {
  const locks = join(folder, "locks");
  const studies = ["a", "b"].map(async (name) => {
    const own = join(folder, name);
    mkdirSync(own);
    const argument = JSON.stringify({ folder: own, points: 3 });
    const child = spawn(process.execPath, [PROGRAM, argument], { env: { ...process.env, LEM_LOCKS: locks } });
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
    const [study] = await listStudies(join(own, "results"));
    const { entries } = await readManifest(study?.folder ?? "");
    const times = entries.flatMap(({ started_at, finished_at }) => [started_at ?? "", finished_at ?? ""]);
    return { from: times.toSorted()[0] ?? "", to: times.toSorted().at(-1) ?? "" };
  });
  const [first, second] = (await Promise.all(studies)).toSorted((a, b) => a.from.localeCompare(b.from));
  expect(first !== undefined && second !== undefined && first.to <= second.from).toBe(true);
  expect(spawnSync("ls", [locks], { encoding: "utf8" }).stdout).toBe("");
});
