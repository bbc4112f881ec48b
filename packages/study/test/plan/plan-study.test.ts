import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { planStudy, type LoadedPlan } from "../../src/plan/index.ts";

function folder(text: string): string {
  const made = mkdtempSync(join(tmpdir(), "lem-plan-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  writeFileSync(join(made, "study.yaml"), text);
  return made;
}

const planOf = (text: string): Promise<LoadedPlan> => planStudy({ cwd: folder(text), file: "study.yaml" });

const GRID = `engine: vllm
sweep:
  axes:
    vllm.sampling.temperature: [0.0, 0.7]
    vllm.sampling.top_p: [0.5, 0.9, 1.5]
    vllm.sampling.n: [1, 2]
`;

it("refused points are counted by rule, each once, with one of them in words", async () => {
  const { plan, refusals } = await planOf(GRID);
  expect(plan?.declared).toBe(12);
  const rules = plan?.refused.byRule.map(({ rule, points }) => [rule.replace(/-[\da-f]{6}$/, ""), points]);
  expect(rules).toEqual([
    ["vllm.SamplingParams.top_p.error", 4],
    ["vllm.SamplingParams.temperature.error", 2],
  ]);
  expect(plan?.refused.points).toBe(6);
  expect(plan?.refused.byRule[0]?.example.label).toBe("temperature=0.0 top_p=1.5 n=1");
  expect(plan?.refused.byRule[0]?.example.message).toMatch(/^vllm refuses top_p 1\.5: it must be/);
  expect(refusals.map(({ severity, line, message }) => [severity, line, message.split(":")[0]])).toEqual([
    ["warn", 4, "2 of 12 points"],
    ["warn", 5, "4 of 12 points"],
  ]);
});

it("points of which the engine makes the same run once, and the mapping says which", async () => {
  const { plan } = await planOf(GRID);
  expect(plan?.merged.points).toBe(1);
  expect([...(plan?.merged.mapping() ?? [])]).toEqual([
    {
      label: "temperature=0.0 top_p=0.9 n=1",
      into: plan?.runs[0]?.id,
      intoLabel: "temperature=0.0 top_p=0.5 n=1",
    },
  ]);
  expect(plan?.runs.map(({ label }) => label)).toEqual([
    "temperature=0.0 top_p=0.5 n=1",
    "temperature=0.7 top_p=0.5 n=1",
    "temperature=0.7 top_p=0.5 n=2",
    "temperature=0.7 top_p=0.9 n=1",
    "temperature=0.7 top_p=0.9 n=2",
  ]);
});

it("a planned point resolves to what it was planned as", async () => {
  const { plan, valuesOf } = await planOf(GRID);
  if (plan === undefined) throw new Error("refused");
  const resolutions = await Promise.all(plan.runs.map((run) => plan.resolve(run)));
  expect(resolutions.map(({ id }) => id)).toEqual(plan.runs.map(({ id }) => id));
  expect(resolutions.map(({ experiment }) => experiment.sections["sampling"])).toEqual(
    plan.runs.map((_, index) => {
      const {
        "vllm.sampling.temperature": temperature,
        "vllm.sampling.top_p": topP,
        "vllm.sampling.n": n,
      } = valuesOf(index);
      return { temperature, top_p: topP, n };
    }),
  );
});

it("a point that is declared twice runs once", async () => {
  const { plan } = await planOf(`${GRID}  experiments: [{vllm.sampling.temperature: 0.7, vllm.sampling.top_p: 0.5}]\n`);
  expect(plan?.declared).toBe(13);
  const twice = await planOf("model: builtin:tiny\nsweep: {axes: {workload.n: [1, 2, 1]}}\n");
  expect([twice.plan?.runs.length, twice.plan?.merged.points]).toEqual([2, 1]);
});

it("loads are told apart by what a model is loaded with", async () => {
  const { plan } = await planOf(`engine: vllm
sweep: {axes: {vllm.engine.max_num_seqs: [8, 16], vllm.sampling.top_k: [1, 2], workload.n: [4, 8]}}
`);
  const loads = plan?.runs.map(({ loadKey }) => loadKey) ?? [];
  expect([loads.length, new Set(loads).size]).toEqual([8, 2]);
  expect(new Set(loads.slice(0, 4)).size).toBe(1);
});

it("a budget of runs leaves a seeded sample, cycles counted", async () => {
  const grid = "model: builtin:tiny\nsweep: {axes: {workload.n: {min: 1, max: 100, num: 100}}}\n";
  const { plan, work } = await planOf(`${grid}execution: {cycles: 3, budget: {runs: 31}}\n`);
  expect([plan?.runs.length, plan?.beyondBudget, plan?.declared]).toEqual([10, 90, 100]);
  expect(work).toHaveLength(1);
  const again = await planOf(`${grid}execution: {cycles: 3, budget: {runs: 31}}\n`);
  expect(again.plan?.runs).toEqual(plan?.runs);
  const other = await planOf(`${grid}execution: {cycles: 3, budget: {runs: 31}, seed: 5}\n`);
  expect(other.plan?.runs).not.toEqual(plan?.runs);
});

it("a study of which nothing is left is refused, with each rule at its place", async () => {
  const { plan, problems, funnel } = await planOf("engine: vllm\nsweep: {axes: {vllm.sampling.top_p: [1.5, 2.5]}}\n");
  expect(plan).toBeUndefined();
  expect(problems.map(({ severity, line }) => [severity, line])).toEqual([["error", 2]]);
  expect([funnel.declared, funnel.refused.points]).toEqual([2, 2]);
});

it("a file without a sweep is a plan of one experiment, with its cycles", async () => {
  const { plan, work } = await planOf("model: builtin:tiny\nexecution: {cycles: 4, gap: 2, timeout: 60}\n");
  expect(plan?.runs.map(({ label, engine }) => [label, engine])).toEqual([["", "llama-cpp"]]);
  expect(plan?.execution).toMatchObject({ cycles: 4, gap: { experiment_s: 2, cycle_s: 2 }, timeout_s: 60 });
  expect(work).toEqual([
    { engine: "llama-cpp", model: "builtin:tiny", experiments: 1, outputTokens: 3 * 8 * 64, loads: 1 },
  ]);
  const refused = await planOf("model: builtin:tiny\nworkload: {n: 0}\n");
  expect([refused.plan, refused.funnel.refused.byRule.map(({ rule }) => rule)]).toEqual([
    undefined,
    ["config.out-of-range"],
  ]);
});

it("a point of another plan is not resolved", async () => {
  const { plan } = await planOf(GRID);
  const other = { id: "0123456789ab", engine: "vllm", label: "", loadKey: "", workKey: "" } as const;
  await expect(plan?.resolve(other)).rejects.toMatchObject({ code: "internal.bug" });
});

it("a single experiment is checked for the version of its engine", async () => {
  const cwd = folder("engine: vllm\nvllm: {sampling: {top_p: 0.5}}\n");
  const { corpora, problems } = await planStudy({
    cwd,
    file: "study.yaml",
    versions: { vllm: "0.99.0", transformers: "1" },
  });
  expect(corpora.vllm).toMatchObject({ status: "other-version", rules: { status: "other-version" } });
  expect(problems.every(({ code, message }) => code === "config.corpus-missing" && message.includes("0.99.0"))).toBe(
    true,
  );
});

it("rules of another major version refuse no points", async () => {
  const text = "engine: vllm\nsweep: {axes: {vllm.sampling.top_p: [0.5, 1.5]}}\n";
  const { plan } = await planStudy({ cwd: folder(text), file: "study.yaml", versions: { vllm: "9.0.0" } });
  expect(plan?.runs).toHaveLength(2);
});
