import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadExperiment, type Resolution } from "@lem/config";
import type { LemEvent } from "@lem/domain";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readManifest } from "../src/manifest/read.ts";
import { readResultsAt } from "../src/results/read.ts";
import { recomputeResults } from "../src/results/recompute.ts";
import { runExperiment, type ExperimentOutcome } from "../src/run-experiment.ts";

/** The embedded engine with the generated model: a whole run in a second, on any machine. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-study-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const QUICK = ["workload.n=3", "workload.input_tokens=16", "workload.output_tokens=8", "llama-cpp.context.threads=1"];

async function resolution(...set: string[]): Promise<Resolution> {
  const flags = { engine: "llama-cpp", model: "builtin:tiny", set: [...QUICK, ...set] };
  const loaded = await loadExperiment({ cwd: folder, flags });
  if (loaded.resolution === undefined) throw new Error(JSON.stringify(loaded.problems));
  return loaded.resolution;
}

const options = (more: Partial<Parameters<typeof runExperiment>[1]> = {}): Parameters<typeof runExperiment>[1] => ({
  resultsDir: join(folder, "results"),
  env: process.env,
  cwd: folder,
  command: ["lem", "run"],
  ...more,
});

const rawFolder = ({ folder: study, result }: ExperimentOutcome): string =>
  join(study, "experiments", result.experiment_id, "c1", "r0");

test("a completed run: a result that validates against the published schema, exact counts, all files", async () => {
  const outcome = await runExperiment(await resolution(), options());
  const { result, folder: study } = outcome;
  const schema = JSON.parse(readFileSync(new URL("../schema/result.schema.json", import.meta.url), "utf8")) as object;
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  const stored: unknown = JSON.parse(readFileSync(join(rawFolder(outcome), "result.json"), "utf8"));
  expect(validate(stored), JSON.stringify(validate.errors)).toBe(true);
  expect(stored).toEqual(JSON.parse(JSON.stringify(result)));

  expect(result).toMatchObject({
    status: "completed",
    tokens: { input: 3 * 3 * 16, output: 3 * 3 * 8 },
    model: { name: "builtin:tiny", synthetic: true },
    config: { effective: { context: { threads: 1 } }, provenance: { "workload.n": "flag" } },
    energy: { total_j: { status: "unavailable" } },
    failure: null,
  });
  expect(await readResultsAt(study)).toEqual([JSON.parse(JSON.stringify(result))]);
  expect(await readManifest(study)).toMatchObject({ status: "completed", entries: [{ status: "completed" }] });
  expect(existsSync(join(rawFolder(outcome), "log.txt"))).toBe(true);
  const [again] = await recomputeResults(study);
  expect(again).toMatchObject({ differences: [] });
  expect(again?.figures).toBeGreaterThan(40);
}, 60_000);

test("requests.parquet holds the exact inputs and outputs, identical in every window under greedy decoding", async () => {
  const outcome = await runExperiment(await resolution("llama-cpp.sampling.temperature=0"), options());
  const bytes = readFileSync(join(rawFolder(outcome), "requests.parquet"));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = await parquetReadObjects({ file });
  expect(rows).toHaveLength(9);
  const outputs = new Map<unknown, Set<string>>();
  for (const row of rows) {
    expect(row).toMatchObject({ input_tokens: 16, output_tokens: 8, finish: "length", timing: "token" });
    const seen = outputs.get(row["request"]) ?? new Set();
    outputs.set(row["request"], seen.add(String(row["output_ids"])));
  }
  expect([...outputs.values()].map((seen) => seen.size)).toEqual([1, 1, 1]);
}, 60_000);

test("an engine that dies is a result: failed, in its phase, with code and log", async () => {
  const long = await resolution("workload.n=500", "workload.output_tokens=200", "measurement.warmup.enabled=false");
  const emit = (event: LemEvent): void => {
    if (event.type === "tokens" && event.window !== "warmup") killChildren();
  };
  const outcome = await runExperiment(long, options({ emit }));
  expect(outcome.result).toMatchObject({
    status: "failed",
    failure: { phase: "measure", code: "worker.crashed" },
    throughput: { output_tokens_per_second: { status: "unavailable", reason: "not-completed" } },
    quality: { verdict: "invalid" },
  });
  expect(await readManifest(outcome.folder)).toMatchObject({ status: "failed" });
}, 60_000);

test("an aborted run keeps its whole windows and is marked interrupted", async () => {
  const controller = new AbortController();
  const many = await resolution("measurement.windows=500", "measurement.warmup.enabled=false");
  const emit = (event: LemEvent): void => {
    if (event.type === "window-finished") controller.abort();
  };
  const outcome = await runExperiment(many, options({ emit, signal: controller.signal }));
  expect(outcome.result.status).toBe("interrupted");
  expect(outcome.result.windows.length).toBeGreaterThan(0);
  expect(outcome.result.tokens?.output).toBe(outcome.result.windows.length * 3 * 8);
}, 60_000);

test("what refuses an experiment before any start writes nothing", async () => {
  const beyond = await resolution("workload.output_tokens=100000");
  await expect(runExperiment(beyond, options())).rejects.toMatchObject({ code: "workload.beyond-context" });
  expect(existsSync(join(folder, "results"))).toBe(false);
});

test("a run that is aborted before any start writes nothing", async () => {
  const run = runExperiment(await resolution(), options({ signal: AbortSignal.abort() }));
  await expect(run).rejects.toMatchObject({ code: "run.interrupted" });
  expect(existsSync(join(folder, "results"))).toBe(false);
});

test("the result says how to repeat it", async () => {
  const { result } = await runExperiment(await resolution(), options({ command: ["lem", "run", "a.yaml"] }));
  expect(result.command).toEqual(["lem", "run", "a.yaml"]);
  expect(result.config.resolved).toMatchObject({ workload: { n: 3 }, sections: { context: { threads: 1 } } });
}, 60_000);

test("a configuration that was checked for another version of the engine is not called exact", async () => {
  const exact = { status: "exact", version: "999.0.0" } as const;
  const newer = { ...(await resolution()), corpus: { ...exact, rules: exact } };
  const { result } = await runExperiment(newer, options());
  const other = { status: "other-version", version: "999.0.0" };
  expect(result.config.corpus).toEqual({ ...other, rules: other });
  expect(result.quality.findings.map(({ code }) => code)).toContain("quality.corpus-version");
}, 60_000);

/** Kills the engines that this process started, as the kernel would. */
function killChildren(): void {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean);
  for (const pid of children) {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("llama-cpp")) process.kill(Number(pid), "SIGKILL");
  }
}
