import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";
import { startLem } from "./process/lem-process.ts";

/** Studies by the command line, with the embedded engine. */

const STUDY = `
name: pair
engine: llama-cpp
model: builtin:tiny
workload: {n: 1, input_tokens: 8}
measurement: {windows: 1, warmup: {enabled: false}}
llama-cpp: {context: {threads: 1}}
sweep: {axes: {workload.output_tokens: [4, 8]}}
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-study-"));
  writeFileSync(join(folder, "pair.yaml"), STUDY);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function lem(...argv: readonly string[]): Promise<Said> {
  const io = captureIo({ cwd: folder, env: process.env });
  const code = await runCli(argv, io);
  return { code, out: io.out(), err: io.err() };
}

const studies = (): readonly string[] => readdirSync(join(folder, "results"));

test("a study shows a line for each experiment, and its status says the same", { timeout: 120_000 }, async () => {
  const { code, out } = await lem("run", "pair.yaml");
  expect(code).toBe(0);
  expect(out).toMatch(/experiment +output +TTFT .*\noutput_tokens=4 .*tok\/s.*\noutput_tokens=8 /);
  expect(out).toContain("2 of 2 runs completed");
  const status = await lem("study", "status", "--json");
  expect(JSON.parse(status.out)).toMatchObject({ name: "pair", state: "completed", counts: { completed: 2 } });
  const shown = await lem("results", "show");
  expect(shown.out).toMatch(/^output_tokens=4\n.*builtin:tiny on llama-cpp[^]*\n\noutput_tokens=8\n/);
  expect(await lem("run", "--resume")).toMatchObject({ code: 2, err: expect.stringContaining("nothing-to-resume") });
  expect(studies()).toHaveLength(1);
});

test(
  "a study whose runs failed exits 1, groups them, and is tried again on request",
  { timeout: 120_000 },
  async () => {
    const { code, out, err } = await lem("run", "pair.yaml", "--quiet", "--set", "measurement.timeouts.load_s=0.001");
    expect(code).toBe(1);
    expect(out).toMatch(/^results\/pair-[\w.-]+\n$/);
    expect(err).toMatch(
      /0 of 2 runs completed · 2 failed\n2 × llama-cpp in load: .*worker\.silent\noutput_tokens=4, output_tokens=8/,
    );
    const changed = await lem("run", "--resume", "--set", "measurement.timeouts.load_s=60");
    expect(changed).toMatchObject({ code: 2, err: expect.stringContaining("study.changed") });
    const adopted = await lem("run", "--resume", "--adopt", "--json", "--set", "measurement.timeouts.load_s=60");
    expect(adopted.code).toBe(0);
    expect(JSON.parse(adopted.out)).toMatchObject({ status: "completed", counts: { completed: 2, failed: 0 } });
    expect(studies()).toHaveLength(1);
  },
);

test("a changed file is refused with the lines that changed", { timeout: 120_000 }, async () => {
  await lem("run", "pair.yaml", "--set", "measurement.timeouts.load_s=0.001");
  writeFileSync(join(folder, "pair.yaml"), STUDY.replace("[4, 8]", "[4, 16]"));
  const { code, err } = await lem("run", "pair.yaml", "--resume");
  expect(code).toBe(2);
  expect(err).toMatch(
    /8 - sweep: .*\[4, 8\].*\n {2}8 \+ sweep: .*\[4, 16\].*\n {2}- output_tokens=8\n {2}\+ output_tokens=16/,
  );
});

test("Ctrl-C, then again: the study is readable, says that it died, and goes on", { timeout: 120_000 }, async () => {
  appendFileSync(join(folder, "pair.yaml"), "execution: {cycles: 3}\n");
  const first = startLem(["run", "pair.yaml", "--json"], { folder });
  await first.until(/"type":"study-progress","completed":1/);
  first.child.kill("SIGINT");
  first.child.kill("SIGINT");
  expect(await first.ended).toBe(130);
  const [name = ""] = studies();
  const status = await lem("study", "status", `results/${name}`);
  expect(status.out).toMatch(/^pair · (its process ended without a word|interrupted) · \d of 6 runs completed/);
  const second = await lem("run", `results/${name}`, "--resume", "--quiet");
  expect(second).toMatchObject({ code: 0, out: `results/${name}\n` });
  const { entries } = JSON.parse(readFileSync(join(folder, "results", name, "study.json"), "utf8")) as {
    readonly entries: readonly { readonly status: string }[];
  };
  expect(entries.map(({ status: each }) => each)).toEqual(Array.from({ length: 6 }, () => "completed"));
});

test("watching ends with the study", { timeout: 120_000 }, async () => {
  const running = startLem(["run", "pair.yaml"], { folder });
  await running.until(/output_tokens=4, cycle 1/);
  const { out } = await lem("study", "watch");
  expect(await running.ended).toBe(0);
  expect(out).toMatch(/^0 of 2 runs completed · 1 running[^]*pair · completed · 2 of 2 runs completed\n$/);
});
