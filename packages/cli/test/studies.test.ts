import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

/** Every study of the repository and every YAML block of its pages is checked, planned, and the small ones run. */

const ROOT = join(import.meta.dirname, "..", "..", "..");
const STUDIES = globSync("examples/studies/*.yaml", { cwd: ROOT }).toSorted();

function folder(files: Readonly<Record<string, string>> = {}): string {
  const made = mkdtempSync(join(tmpdir(), "lem-studies-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  symlinkSync(join(ROOT, "examples"), join(made, "examples"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

async function lem(cwd: string, line: string): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo({ cwd, env: process.env });
  const code = await runCli(line.split(" "), io);
  return { code, out: io.out(), err: io.err() };
}

interface Plan {
  readonly declared: number;
  readonly refused: number;
  readonly merged: number;
  readonly beyond_budget: number;
  readonly runs: number;
  readonly by_rule: Readonly<Record<string, number>>;
  readonly points: readonly { readonly experiment_id: string }[];
  readonly merged_points: readonly { readonly into: string }[];
  readonly order: readonly (readonly [number, number])[];
  readonly execution: { readonly cycles: number };
}

test.each(STUDIES)("%s has no problems but points that its engine refuses", async (file) => {
  const { code, out } = await lem(folder(), `check ${file} --json`);
  const { ok, problems } = JSON.parse(out) as { ok: boolean; problems: { code: string; severity: string }[] };
  expect([code, ok]).toEqual([0, true]);
  const codes = problems.map((problem) => problem.code).filter((each) => each !== "config.invariant");
  expect(codes).toEqual(file.includes("campaign") ? ["config.deprecated"] : []);
});

test.each(STUDIES)("the plan of %s adds up", async (file) => {
  const { code, out } = await lem(folder(), `plan ${file} --json`);
  const plan = JSON.parse(out) as Plan;
  expect(code).toBe(0);
  expect(plan.runs).toBeGreaterThan(0);
  expect(plan.declared).toBe(plan.refused + plan.merged + plan.beyond_budget + plan.runs);
  expect(Object.values(plan.by_rule).reduce((sum, points) => sum + points, 0)).toBe(plan.refused);
  expect(plan.points).toHaveLength(plan.runs);
  expect(plan.merged_points).toHaveLength(plan.merged);
  const ids = new Set(plan.points.map((point) => point.experiment_id));
  expect(ids.size).toBe(plan.runs);
  expect(plan.order).toHaveLength(plan.runs * plan.execution.cycles);
  expect(new Set(plan.order.map(([point, cycle]) => `${point} ${cycle}`)).size).toBe(plan.order.length);
  const text = await lem(folder(), `plan ${file} --why`);
  expect(text.out).toContain("to run");
});

/** The YAML blocks of the pages, by page and line. */
const BLOCKS = globSync(["README.md", "docs/**/*.md", "packages/*/README.md", "tools/*/README.md"], { cwd: ROOT })
  .toSorted()
  .flatMap((page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].map(
      ({ 1: yaml = "", index }) => [`${page}:${text.slice(0, index).split("\n").length}`, yaml] as const,
    );
  });

test("the pages hold YAML", () => {
  expect(BLOCKS.length).toBeGreaterThan(2);
});

test.each(BLOCKS)("the YAML of %s is a configuration", async (_, yaml) => {
  const { code, out } = await lem(folder({ "block.yaml": yaml }), "check block.yaml --json");
  expect([code, JSON.parse(out)]).toMatchObject([0, { ok: true }]);
});

test("a small study runs, and its next plan rests on what it took", async () => {
  const cwd = folder();
  const { code, out, err } = await lem(cwd, "run examples/studies/batch-sizes.yaml --quiet");
  expect([code, err]).toEqual([0, ""]);
  const results = globSync("experiments/*/c*/r0/result.json", { cwd: join(cwd, out.trim()) });
  expect(results).toHaveLength(6);
  const plan = await lem(cwd, "plan examples/studies/batch-sizes.yaml");
  expect(plan.out).toMatch(/≈ .* for 6 runs, .* from 6 earlier results/);
}, 240_000);
