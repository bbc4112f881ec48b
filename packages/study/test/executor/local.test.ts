import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLemError, type LemEvent } from "@lem/domain";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Executor, ExperimentJob } from "../../src/executor/executor.ts";
import { LocalExecutor } from "../../src/executor/local.ts";
import { tinyPlan } from "../fixtures/tiny-plan.ts";
import { executorContract } from "./executor-contract.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-local-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const executorOf = (emit: (event: LemEvent) => void = () => undefined): Executor =>
  new LocalExecutor({
    env: { ...process.env, LEM_LOCKS: join(folder, "locks") },
    cwd: folder,
    emit,
    signal: new AbortController().signal,
    command: [],
  });

async function jobOf(set: readonly string[], more: Partial<ExperimentJob> = {}): Promise<ExperimentJob> {
  const plan = await tinyPlan({ points: 1, set });
  const [point] = plan.runs;
  if (point === undefined) throw new Error("no point");
  const at = { id: point.id, cycle: 1, rank: 0 };
  const resolution = await plan.resolve(point);
  return {
    name: `${point.id}-c1-a1`,
    study: folder,
    at,
    resolution,
    timeout_s: null,
    keep_loaded: false,
    command: [],
    ...more,
  };
}

executorContract("local", {
  executor: () => executorOf(),
  job: () => jobOf([]),
  hanging: () => jobOf(["measurement.windows=500", "workload.n=200"]),
});

test("a job beyond its time fails as such, with what was measured until then, and leaves no engine", async () => {
  const executor = executorOf();
  const job = await jobOf(["measurement.windows=500", "workload.n=100"], { timeout_s: 3 });
  const end = await executor.wait(await executor.submit(job));
  expect(end).toMatchObject({ status: "failed", stored: true, failure: { code: "run.timeout" } });
  expect(await executor.collect(job)).toMatchObject({ status: "failed", failure: { code: "run.timeout" } });
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean);
  const engines = children.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("llama-cpp/worker"));
  expect(engines).toEqual([]);
}, 120_000);

test("a wall clock that is set a day ahead and back ends no job", async () => {
  const executor = executorOf((event) => {
    if (event.type === "phase-finished") vi.setSystemTime(Date.now() + (event.phase === "load" ? 1 : -1) * 86_400_000);
  });
  vi.useFakeTimers({ toFake: ["Date"] });
  const job = await jobOf([], { timeout_s: 60 });
  const end = await executor.wait(await executor.submit(job)).finally(() => vi.useRealTimers());
  expect(end).toMatchObject({ status: "completed" });
}, 120_000);

test("a second attempt at a run overwrites nothing of the first", async () => {
  const executor = executorOf();
  const job = await jobOf([]);
  for (let attempt = 1; attempt <= 2; attempt++)
    expect(await executor.wait(await executor.submit(job))).toMatchObject({ status: "completed" });
  const cycle = join(folder, "experiments", job.at.id, "c1");
  expect(readdirSync(cycle).toSorted()).toEqual(["r0", "r0-attempt-1"]);
  expect(existsSync(join(cycle, "r0", "result.json"))).toBe(true);
}, 120_000);

test("an engine that is not to be had refuses before anything is written", async () => {
  const plan = await tinyPlan({ points: 1, set: ["workload.output_tokens=100000"] });
  const [point] = plan.runs;
  const refused = executorOf().refuse(await plan.resolve(point as NonNullable<typeof point>));
  await expect(refused).rejects.toSatisfy((error) => isLemError(error, "workload.beyond-context"));
  expect(readdirSync(folder)).toEqual([]);
});
