import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const BINDINGS = import.meta.resolve("../../../src/host/nvml/bindings.ts");
const OPEN = `const { openNvml } = await import(${JSON.stringify(BINDINGS)}); const opening = await openNvml();`;
const LIBRARY = "libnvidia-ml.so.1";

/** The C compiler of this machine, or undefined: then the calls cannot be tried without a GPU. */
const compiler = ["cc", "gcc", "clang"].find((name) => spawnSync(name, ["--version"]).status === 0);
const without = compiler === undefined || process.platform !== "linux";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lem-nvml-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function fakeLibrary(): Promise<string> {
  const folder = await temporaryFolder();
  const source = join(import.meta.dirname, "fake-nvml.c");
  spawnSync(compiler ?? "cc", ["-shared", "-fPIC", "-w", "-o", join(folder, LIBRARY), source]);
  return folder;
}

/** Runs a program in a fresh Node that finds its libraries in `folder` first; answers with the JSON that it printed. */
function inFreshNode(program: string, folder: string, env: Readonly<Record<string, string>> = {}): unknown {
  const outcome = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...env, LD_LIBRARY_PATH: folder },
    encoding: "utf8",
  });
  return outcome.stdout === "" ? outcome.stderr : JSON.parse(outcome.stdout);
}

test.skipIf(without)("each kind of parameter arrives, and each kind of answer is read [needs cc]", async () => {
  const questions = [
    ["nvmlDeviceGetCount_v2"],
    ["nvmlDeviceGetName", 1],
    ["nvmlDeviceGetName", "1:3"],
    ["nvmlDeviceGetClockInfo", 0, 2],
    ["nvmlDeviceGetMigMode", 0],
    ["nvmlDeviceGetTotalEnergyConsumption", 0],
    ["nvmlDeviceGetTopologyCommonAncestor", 0, 1],
    ["nvmlDeviceGetMemoryInfo_v2", 0],
    ["nvmlDeviceGetSamples", 0, 0],
    ["nvmlDeviceGetComputeRunningProcesses_v3", 0],
    ["nvmlDeviceGetComputeRunningProcesses_v3/list", 0],
    ["nvmlDeviceGetFieldValues", 0, 82],
  ];
  const ask = `const said = ${JSON.stringify(questions)}.map((question) => opening.nvml.ask(...question));
    opening.nvml.close(); console.log(JSON.stringify(said.map((each) => each.value)));`;
  expect(inFreshNode(OPEN + ask, await fakeLibrary())).toEqual([
    2,
    "7fff00000001/96",
    "7fff00000104/96",
    1002,
    [1, 0],
    5_000_000_000,
    1,
    { total: 2 ** 40, used: 7 },
    120,
    3,
    [
      { pid: 40, memory_b: 1000 },
      { pid: 41, memory_b: 1001 },
      { pid: 42, memory_b: null },
    ],
    49,
  ]);
});

test.skipIf(without)(
  "codes of the library, of a field and of a function that it lacks come back as codes [needs cc]",
  async () => {
    const questions = [
      ["nvmlDeviceGetName", 5],
      ["nvmlDeviceGetFieldValues", 0, 1],
      ["nvmlDeviceGetUUID", 0],
    ];
    const ask = `console.log(JSON.stringify(${JSON.stringify(questions)}.map((question) => opening.nvml.ask(...question).code)));`;
    expect(inFreshNode(OPEN + ask, await fakeLibrary())).toEqual([2, 3, 13]);
  },
);

test.skipIf(without)("a driver that is not loaded is a missing sensor [needs cc]", async () => {
  const opening = inFreshNode(`${OPEN} console.log(JSON.stringify(opening));`, await fakeLibrary(), {
    FAKE_NVML_INIT: "9",
  });
  expect(opening).toMatchObject({ status: "missing", reason: "no-sensor" });
});

test("a file that is no library is passed over without a crash", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, LIBRARY), "this is no library");
  const status = inFreshNode(`${OPEN} console.log(JSON.stringify(typeof opening.status));`, folder);
  expect(status).toBe("string");
});

test("importing the bindings loads no FFI library", async () => {
  const program = `await import(${JSON.stringify(BINDINGS)});
    console.log(JSON.stringify(process.report.getReport().sharedObjects.some((file) => file.includes("koffi"))));`;
  expect(inFreshNode(program, await temporaryFolder())).toBe(false);
});
