import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPowerTrace } from "../../src/energy/trace-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lem-trace-"));
});
afterAll(() => rm(folder, { recursive: true }));

const header = { device: "board", driver: "580", source: "NVML power samples", relative_gain_error: 0.05 };
const samples = [
  { domain: "gpu0", t_ns: 1, power_w: 100 },
  { domain: "gpu0", t_ns: 2, power_w: 101.5 },
];

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("readPowerTrace", () => {
  it("reads the trace that the documentation shows", async () => {
    const page = await readFile(new URL("../../../../docs/methodology.md", import.meta.url), "utf8");
    const lines = page.split("\n").filter((line) => line.startsWith("    {"));
    expect(lines.length).toBeGreaterThan(2);
    const trace = await readPowerTrace(await file("docs.jsonl", lines.join("\n")));
    expect(trace.samples).toHaveLength(lines.length - 1);
  });

  it("reads the same trace from lines and from one object", async () => {
    const lines = [header, ...samples].map((value) => JSON.stringify(value)).join("\n");
    const trace = { header, samples };
    expect(await readPowerTrace(await file("a.jsonl", `${lines}\n`))).toEqual(trace);
    expect(await readPowerTrace(await file("a.json", JSON.stringify(trace)))).toEqual(trace);
  });

  it.each([
    ["no header", `${JSON.stringify(samples[0])}\n`, 1],
    ["broken JSON", `${JSON.stringify(header)}\n{"domain"`, 2],
    ["negative power", `${JSON.stringify(header)}\n{"domain":"a","t_ns":1,"power_w":-1}`, 2],
    ["a sample that is no object", `${JSON.stringify(header)}\n\n5`, 3],
    ["an empty file", "", 1],
  ])("names the line of %s", async (what, content, line) => {
    const path = await file(`${what.replaceAll(" ", "-")}.jsonl`, content);
    await expect(readPowerTrace(path)).rejects.toMatchObject({ code: "energy.trace", place: { file: path, line } });
  });

  it("refuses an object without samples, and a missing file", async () => {
    const path = await file("b.json", JSON.stringify({ header }));
    await expect(readPowerTrace(path)).rejects.toMatchObject({ code: "energy.trace" });
    await expect(readPowerTrace(join(folder, "none.jsonl"))).rejects.toMatchObject({ code: "energy.trace" });
  });
});
