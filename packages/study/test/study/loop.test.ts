import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionSettings } from "@lem/config";
import { LemError, type ErrorCode } from "@lem/domain";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readManifest } from "../../src/manifest/read.ts";
import type { StudyPlan } from "../../src/plan/plan.ts";
import { runStudy } from "../../src/run-study.ts";
import type { RunStudyOptions, StudyOutcome } from "../../src/study/options.ts";
import { ScriptedExecutor, type Script } from "../fixtures/scripted-executor.ts";
import { tinyPlan } from "../fixtures/tiny-plan.ts";

/** What a study makes of how its runs end; the runs themselves are scripted. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-loop-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Played {
  readonly outcome: StudyOutcome;
  readonly executor: ScriptedExecutor;
}

async function play(
  plan: StudyPlan,
  script: (nth: number) => Script,
  more: Partial<RunStudyOptions> = {},
): Promise<Played> {
  const executor = new ScriptedExecutor((_, nth) => script(nth));
  const options = { resultsDir: join(folder, "results"), env: {}, cwd: folder, executor, ...more };
  return { outcome: await runStudy(plan, options), executor };
}

const planOf = (points: number, execution: Partial<ExecutionSettings> = {}): Promise<StudyPlan> =>
  tinyPlan({ points, execution });

/** Ends that stand in a list; what comes after it completes. */
const listed =
  (...ends: readonly Script[]) =>
  (nth: number): Script =>
    ends[nth - 1] ?? "completed";

test("a failed run is recorded, the study goes on, and ends as failed with its failures grouped", async () => {
  const { outcome } = await play(await planOf(4), listed("completed", "worker.failed", "worker.failed"));
  expect(outcome).toMatchObject({
    status: "failed",
    reason: null,
    counts: { completed: 2, failed: 2 },
    failures: [{ engine: "llama-cpp", runs: 2, note: { code: "worker.failed" } }],
  });
});

test.each<[ErrorCode, number]>([
  ["worker.crashed", 3],
  ["worker.failed", 1],
])("%s is tried again as its code allows: %d attempts", async (code, attempts) => {
  const plan = await planOf(1, { retries: { times: 2, codes: [] } });
  const { outcome, executor } = await play(plan, () => code);
  expect(executor.jobs).toHaveLength(attempts);
  expect(new Set(executor.jobs.map(({ name }) => name)).size).toBe(attempts);
  const { entries } = await readManifest(outcome.folder);
  expect(entries).toMatchObject([{ status: "failed", attempts }]);
});

test("a run that succeeds when it is tried again counts as completed", async () => {
  const plan = await planOf(2, { retries: { times: 1, codes: ["worker.failed"] } });
  const { outcome } = await play(plan, listed("worker.failed"));
  expect(outcome).toMatchObject({ status: "completed", counts: { completed: 2 }, failures: [] });
});

test("a threshold of one stops at the first failure; the rest stays to be resumed", async () => {
  const plan = await planOf(3, { breaker: { failures: 1, cooldown_s: 60 } });
  const { outcome, executor } = await play(plan, listed("completed", "worker.failed"));
  expect(executor.jobs).toHaveLength(2);
  expect(outcome).toMatchObject({ status: "stopped", reason: { code: "worker.failed" }, counts: { pending: 1 } });
  const resume = { folder: outcome.folder, adopt: false };
  const again = await play(plan, listed(), { resume });
  expect(again.executor.jobs).toHaveLength(2);
  expect(again.outcome).toMatchObject({ status: "completed", counts: { completed: 3 } });
});

test("an engine that keeps failing is given up after one more try; every run has an answer", async () => {
  const plan = await planOf(6, { breaker: { failures: 2, cooldown_s: 0 } });
  const { outcome, executor } = await play(plan, () => "worker.crashed");
  expect(executor.jobs).toHaveLength(3);
  expect(outcome).toMatchObject({ status: "failed", counts: { failed: 3, skipped: 3 } });
  expect(outcome.failures.map(({ note, runs }) => [note.code, runs])).toEqual([
    ["worker.crashed", 3],
    ["study.breaker", 3],
  ]);
});

test("an interrupted study is resumed: nothing that completed runs again", async () => {
  const plan = await planOf(4, { cycles: 2 });
  const stop = new AbortController();
  const first = await play(
    plan,
    (nth) => {
      if (nth === 3) stop.abort();
      return nth === 3 ? "run.interrupted" : "completed";
    },
    { signal: stop.signal, command: ["lem", "run", "study.yaml"] },
  );
  expect(first.outcome).toMatchObject({ status: "interrupted", counts: { completed: 2, interrupted: 1, pending: 5 } });
  const resume = { folder: first.outcome.folder, adopt: false };
  const second = await play(plan, listed(), { resume, command: ["lem", "run", "--resume"] });
  expect(new Set(second.executor.jobs.map(({ command }) => command.join(" ")))).toEqual(
    new Set(["lem run study.yaml"]),
  );
  expect(second.outcome).toMatchObject({ status: "completed", counts: { completed: 8 } });
  const started = [...first.executor.jobs, ...second.executor.jobs].map(({ at }) => `${at.id} ${at.cycle}`);
  expect(started).toHaveLength(9);
  expect(new Set(started).size).toBe(8);
});

test("other settings are refused with the difference, and adopted on request: what both have is kept", async () => {
  const before = await play(await planOf(3), listed("completed", "completed", "worker.failed"));
  const changed = await tinyPlan({ points: 4, execution: { timeout_s: 60 } });
  const at = { folder: before.outcome.folder };
  const refused = play(changed, listed(), { resume: { ...at, adopt: false } });
  await expect(refused).rejects.toMatchObject({ code: "study.changed" });
  await expect(refused).rejects.toThrow(/timeout_s: null -> 60[^]*\+ output_tokens=5/);
  const { outcome, executor } = await play(changed, listed(), { resume: { ...at, adopt: true } });
  expect(executor.jobs).toHaveLength(2);
  expect(outcome).toMatchObject({ status: "completed", counts: { completed: 4 } });
  const back = await play(await planOf(2), listed(), { resume: { ...at, adopt: true } });
  expect(back.executor.jobs).toHaveLength(0);
  expect((await readManifest(back.outcome.folder)).retired).toHaveLength(2);
});

test("a disk without the room that was asked for stops the study before the next start", async () => {
  const { outcome, executor } = await play(await planOf(2, { min_free_mib: 2 ** 40 }), listed());
  expect(executor.jobs).toHaveLength(0);
  expect(outcome).toMatchObject({ status: "stopped", reason: { code: "io.disk-full" }, counts: { pending: 2 } });
});

test("runs beyond the hours of the budget are given up, not failed", async () => {
  const { outcome } = await play(await planOf(2, { budget: { runs: null, hours: 1e-9 } }), listed());
  expect(outcome).toMatchObject({ status: "completed", counts: { skipped: 2 }, failures: [{ runs: 2 }] });
});

test("the hours of a budget are those of all sittings", async () => {
  const hours = (limit: number): Promise<StudyPlan> => planOf(3, { budget: { runs: null, hours: limit } });
  const stop = new AbortController();
  const ends = (nth: number): Script => {
    if (nth === 2) stop.abort();
    return nth === 2 ? "run.interrupted" : "completed";
  };
  const first = await play(await hours(1), ends, { signal: stop.signal });
  const file = join(first.outcome.folder, "study.json");
  // The run that completed took two hours.
  const edited = readFileSync(file, "utf8").replace(/("completed".*"started_at":")\d{4}/, "$12001");
  writeFileSync(file, edited);
  const second = await play(await hours(1), listed(), { resume: { folder: first.outcome.folder, adopt: false } });
  expect(second.executor.jobs).toHaveLength(0);
  expect(second.outcome).toMatchObject({ counts: { completed: 1, skipped: 2 }, failures: [{ runs: 2 }] });
});

test("two processes cannot work on one study", async () => {
  const plan = await planOf(2);
  const first = await play(plan, listed("worker.failed"));
  const resume = { folder: first.outcome.folder, adopt: false };
  const hanging = new ScriptedExecutor(() => "hangs");
  const options = { resultsDir: join(folder, "results"), env: {}, cwd: folder, executor: hanging, resume };
  const working = runStudy(plan, options);
  await expect.poll(() => hanging.jobs.length).toBe(1);
  await expect(play(plan, listed(), { resume })).rejects.toMatchObject({ code: "study.locked" });
  const [job] = hanging.jobs;
  await hanging.cancel(job?.name ?? "", new LemError("run.interrupted", "enough"));
  expect(await working).toMatchObject({ status: "interrupted" });
  expect(existsSync(join(first.outcome.folder, "study.lock"))).toBe(false);
});
