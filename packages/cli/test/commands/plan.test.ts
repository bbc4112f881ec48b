import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../../src/run-cli.ts";
import { captureIo } from "../capture-io.ts";

const plan = (text: string, ...flags: string[]): ReturnType<typeof lem> => lem("plan", text, ...flags);

async function lem(
  command: string,
  text: string,
  ...flags: string[]
): Promise<{ code: number; out: string; err: string }> {
  const cwd = mkdtempSync(join(tmpdir(), "lem-plan-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, "study.yaml"), text);
  const io = captureIo({ cwd, env: process.env });
  const code = await runCli([command, "study.yaml", ...flags], io);
  return { code, out: io.out(), err: io.err() };
}

const GRID = `engine: vllm
sweep:
  axes:
    vllm.sampling.temperature: [0.0, 0.7]
    vllm.sampling.top_p: [0.5, 0.9, 1.5]
    vllm.sampling.n: [1, 2]
execution: {cycles: 2, order: shuffled, seed: 7}
`;

test("the funnel: declared, refused by field, merged, to run with cycles and order", async () => {
  const { code, out, err } = await plan(GRID);
  expect([code, err]).toEqual([0, ""]);
  expect(out.split("\n").map((line) => line.trimEnd())).toEqual([
    "study      12   declared",
    "  refused   6   top_p 4 · temperature 2",
    "  merged    1   do the same as others (--why lists them)",
    "  to run    5   × 2 cycles, shuffled (seed 7)",
    "",
    "  smollm2-135m on vllm 5",
    "  time and energy unknown: no result of these models on this machine yet",
    "  1 different model load; each run loads anew",
    "",
  ]);
});

test("--why lists every rule with a point that it refuses, and every merged point", async () => {
  const { out } = await plan(GRID, "--why");
  expect(out).toMatch(/^ {5}4 {2}vllm\.SamplingParams\.top_p\.error-[\da-f]{6} +vllm refuses top_p 1\.5: it must be/m);
  expect(out).toContain("temperature=0.0 top_p=0.9 n=1  temperature=0.0 top_p=0.5 n=1");
});

test("--json holds counts that add up, the points with their values, the order and the estimate", async () => {
  const { code, out } = await plan(GRID, "--json");
  const told = JSON.parse(out) as Record<string, unknown> & { points: { set: object }[]; order: unknown[] };
  expect(code).toBe(0);
  expect(told).toMatchObject({ declared: 12, refused: 6, merged: 1, runs: 5, beyond_budget: 0, grid: 12 });
  expect(told.points[0]).toMatchObject({
    label: "temperature=0.0 top_p=0.5 n=1",
    engine: "vllm",
    set: { "vllm.sampling.temperature": 0, "vllm.sampling.top_p": 0.5, "vllm.sampling.n": 1 },
  });
  expect(told.order).toHaveLength(10);
  expect(told).toMatchObject({ estimate: { seconds: null, unknownRuns: 10 }, execution: { cycles: 2, seed: 7 } });
  expect(told).toMatchObject({ problems: [{ severity: "warn" }, { severity: "warn" }] });
});

test("a study of which nothing is left exits 2 and shows why", async () => {
  const { code, out, err } = await plan("engine: vllm\nsweep: {axes: {vllm.sampling.top_p: [1.5, 2.5]}}\n");
  expect(code).toBe(2);
  expect(err).toContain("2 of 2 points: vllm refuses top_p 1.5");
  expect(out).toContain("refused  2");
  const json = await plan("engine: vllm\nsweep: {axes: {vllm.sampling.top_p: [1.5, 2.5]}}\n", "--json");
  expect([json.code, JSON.parse(json.out)]).toMatchObject([2, { declared: 2, refused: 2, runs: 0, points: [] }]);
});

test("a sample tells what it is drawn from, a budget what it leaves out", async () => {
  const axes = "model: builtin:tiny\nsweep:\n  axes: {workload.n: {min: 1, max: 2000, num: 2000}}\n";
  expect((await plan(`${axes}  sample: {n: 9}\n`)).out).toMatch(/9 {3}drawn from 2,000 declared/);
  expect((await plan(`${axes}execution: {budget: {runs: 10}}\n`)).out).toMatch(/beyond the budget +1,990/);
});

test("a single experiment shows its fields, and its cycles", async () => {
  const { out } = await plan("model: builtin:tiny\nexecution: {cycles: 3}\n");
  expect(out).toMatch(
    /^1 experiment to run: builtin:tiny on llama-cpp, 3 windows × 8 prompts × 3 cycles {3}[\da-f]{12}/,
  );
  expect(out).toContain("workload.output_tokens");
  const json = await plan("model: builtin:tiny\n", "--json");
  expect(JSON.parse(json.out)).toMatchObject({ declared: 1, runs: 1, points: [{ config: { model: "builtin:tiny" } }] });
});

test("what is wrong with the file is told as ever", async () => {
  const { code, out, err } = await plan("sweep: {axes: {workload.output_token: [1]}}\n");
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain("did you mean");
});

test("a run says which points do not run, before the others start; a budget of hours is told", async () => {
  const text = `model: builtin:tiny
workload: {lengths: 8, n: 1, output_tokens: 4}
measurement: {windows: 1, warmup: {enabled: false}}
sweep: {axes: {workload.batching: [static, dynamic], workload.max_batch_tokens: [8, 100]}}
execution: {budget: {hours: 2}}
`;
  const { code, err } = await lem("run", text);
  expect([code, err.split("\n")[0]]).toEqual([0, "of 4 points 3 refused by rules   → lem plan --why"]);
  expect((await plan(text)).out).toMatch(/to run +1 {3}interleaved, no new run after 2 h/);
}, 120_000);
