import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ProgressMeter } from "../../../src/models/cache/progress.ts";
import { downloadWheel, type WheelJob } from "../../../src/models/wheel/pip.ts";
import { hasCode, requestIn, temporaryFolder } from "../workplace.ts";
import { zip } from "../zip.ts";

const WHEEL = "lem_fixture-1.0-py3-none-any.whl";

/** A folder that pip takes for an index. */
async function index(): Promise<string> {
  const folder = await temporaryFolder();
  const info = "lem_fixture-1.0.dist-info";
  const members = {
    "lem_fixture/m.gguf": "model",
    [`${info}/METADATA`]: "Metadata-Version: 2.1\nName: lem-fixture\nVersion: 1.0\n",
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  };
  await writeFile(join(folder, WHEEL), zip(members));
  return folder;
}

async function job(requirement: string): Promise<WheelJob> {
  const folder = join(await temporaryFolder(), "wheel");
  await mkdir(folder);
  return { requirement, folder, progress: new ProgressMeter(() => {}, "m", null) };
}

/** A stand-in for Python that records how pip was called. */
async function recorder(first = ""): Promise<{ python: string; log: string }> {
  const folder = await temporaryFolder();
  const [python, log] = [join(folder, "python"), join(folder, "log.json")];
  const script = `require("node:fs").writeFileSync(${JSON.stringify(log)}, JSON.stringify({ argv: process.argv, env: process.env }));`;
  const fetch = `const to = process.argv[process.argv.indexOf("--dest") + 1]; if (process.argv.includes("download")) require("node:fs").writeFileSync(to + "/x.whl", "");`;
  await writeFile(python, `#!${process.execPath}\n${script}${first}${fetch}\n`);
  await chmod(python, 0o755);
  return { python, log };
}

const hasPip = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;

describe("downloadWheel", () => {
  test.runIf(hasPip)("fetches the wheel with the Python on PATH [needs pip]", { timeout: 60_000 }, async () => {
    const { request } = await requestIn({
      env: { PATH: process.env["PATH"], PIP_NO_INDEX: "1", PIP_FIND_LINKS: await index() },
    });
    const { pip: _, ...context } = request;
    const wheel = await job("lem-fixture==1.0");
    expect(await downloadWheel(wheel, context)).toBe(join(wheel.folder, WHEEL));
    expect(await readdir(wheel.folder)).toEqual([WHEEL]);
  });

  test.runIf(hasPip)("says what pip says when there is no such wheel [needs pip]", { timeout: 60_000 }, async () => {
    const { request } = await requestIn({
      env: { PATH: process.env["PATH"], PIP_NO_INDEX: "1" },
      pip: { python: "python3" },
    });
    const error = await downloadWheel(await job("lem-fixture==1.0"), request).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: "model.no-source", message: expect.stringContaining("lem-fixture==1.0") });
  });

  test("pip sees its own settings and no token", async () => {
    const { python, log } = await recorder();
    const env = { PATH: process.env["PATH"], PIP_INDEX_URL: "https://index.example", HF_TOKEN: "hf_secret" };
    const { request } = await requestIn({ env, pip: { python } });
    await downloadWheel(await job("lem-fixture==1.0"), request);
    const text = await readFile(log, "utf8");
    expect(text).not.toContain("hf_secret");
    expect(JSON.parse(text)).toMatchObject({ env: { PIP_INDEX_URL: "https://index.example" } });
  });

  test("what pip has received so far is told", async () => {
    const slow = `if (process.argv.includes("download")) { const fs = require("node:fs"), part = process.env.TMPDIR + "/unpack";
      fs.mkdirSync(part); fs.writeFileSync(part + "/x.whl", "half"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500); }`;
    const { python } = await recorder(slow);
    const { request, events } = await requestIn({ pip: { python } });
    const wheel = await job("x==1");
    await downloadWheel({ ...wheel, progress: new ProgressMeter(request.emit, "m", 8) }, request);
    expect(events).toContainEqual({ type: "download-progress", name: "m", received_b: 4, total_b: 8 });
  });

  test("without Python, and where pip may not be used, it says so", async () => {
    const { request } = await requestIn({ env: { PATH: await temporaryFolder() }, pip: null });
    const { pip: _, ...free } = request;
    await expect(downloadWheel(await job("x==1"), free)).rejects.toSatisfy(hasCode("model.no-source"));
    await expect(downloadWheel(await job("x==1"), request)).rejects.toSatisfy(hasCode("model.no-source"));
  });
});
