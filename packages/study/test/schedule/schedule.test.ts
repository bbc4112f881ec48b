import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LemError } from "@lem/domain";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runSchedule, type ScheduleOptions } from "../../src/schedule/schedule.ts";
import type { ScheduleStatus } from "../../src/schedule/status-file.ts";
import type { StudyOutcome } from "../../src/study/options.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-schedule-"));
  file = join(folder, "schedule.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stored = (): ScheduleStatus => JSON.parse(readFileSync(file, "utf8")) as ScheduleStatus;

const ended = (status: StudyOutcome["status"], name = "study-1"): StudyOutcome => ({
  folder: name,
  status,
  reason: null,
  counts: { pending: 0, running: 0, completed: 1, failed: 0, interrupted: 0, skipped: 0, unneeded: 0 },
  failures: [],
});

/** Moments so many seconds from now. */
function inSeconds(...seconds: readonly number[]): ScheduleOptions["timetable"] {
  const moments = seconds.map((each) => new Date(Date.now() + each * 1000));
  return { next: (after) => moments.find((moment) => moment > after) ?? null };
}

const schedule = (more: Partial<ScheduleOptions>): Promise<ScheduleStatus> =>
  runSchedule({
    name: "nightly",
    timetable: inSeconds(0.05),
    window_s: null,
    times: null,
    statusFile: file,
    start: () => Promise.resolve(ended("completed")),
    emit: () => undefined,
    signal: new AbortController().signal,
    look_s: 0.02,
    ...more,
  });

it("runs the study at each moment, and its file says how it stands", async () => {
  const seen: ScheduleStatus[] = [];
  const start = (): Promise<StudyOutcome> => {
    seen.push(stored());
    return Promise.resolve(ended("completed", `study-${seen.length}`));
  };
  const status = await schedule({ timetable: inSeconds(0.2, 1.5), start });
  expect(seen.map(({ state, runs }) => [state, runs.length, runs.at(-1)?.status])).toEqual([
    ["running", 1, "running"],
    ["running", 2, "running"],
  ]);
  expect(status).toEqual(stored());
  expect(status).toMatchObject({ state: "ended", next: null, missed: 0, pid: process.pid, name: "nightly" });
  expect(status.runs.map((run) => [run.folder, run.status])).toEqual([
    ["study-1", "completed"],
    ["study-2", "completed"],
  ]);
});

it("counts the moments that pass while the study runs, and makes none up", async () => {
  const start = async (): Promise<StudyOutcome> => {
    await sleep(250);
    return ended("completed");
  };
  const status = await schedule({ timetable: inSeconds(0.05, 0.1, 0.15, 0.5), start });
  expect(status).toMatchObject({ missed: 2, runs: [{ status: "completed" }, { status: "completed" }] });
});

it("ends after so many starts", async () => {
  expect((await schedule({ timetable: inSeconds(0.02, 0.04, 0.06), times: 2 })).runs).toHaveLength(2);
});

it("ends a study in order with its window, and goes on with it in the next one until it is complete", async () => {
  const resumed: (string | undefined)[] = [];
  const start: ScheduleOptions["start"] = async ({ resume, signal }) => {
    resumed.push(resume);
    if (resumed.length === 3) return ended("completed");
    await sleep(5000, undefined, { signal }).catch(() => undefined);
    return ended("interrupted", "study-7");
  };
  const status = await schedule({ timetable: inSeconds(0.05, 0.4, 0.8, 1.2), window_s: 0.2, start });
  expect(resumed).toEqual([undefined, "study-7", "study-7"]);
  expect(status.runs.map((run) => run.status)).toEqual(["interrupted", "interrupted", "completed"]);
});

it("keeps on after a start that was refused, and says why", async () => {
  let starts = 0;
  const start = (): Promise<StudyOutcome> =>
    ++starts === 1
      ? Promise.reject(new LemError("model.no-source", "the hub is away"))
      : Promise.resolve(ended("completed"));
  const status = await schedule({ timetable: inSeconds(0.2, 1.5), start });
  expect(status.runs).toMatchObject([
    { status: "refused", folder: null, detail: "the hub is away (model.no-source)" },
    { status: "completed" },
  ]);
});

it("ends when it is told to, while it waits and while it runs", async () => {
  const waiting = new AbortController();
  setTimeout(() => waiting.abort(), 50);
  expect(await schedule({ timetable: inSeconds(30), signal: waiting.signal })).toMatchObject({
    state: "ended",
    runs: [],
  });
  const running = new AbortController();
  const start: ScheduleOptions["start"] = async ({ signal }) => {
    running.abort();
    await sleep(5000, undefined, { signal }).catch(() => undefined);
    return ended("interrupted");
  };
  const status = await schedule({ timetable: inSeconds(0.02, 0.04), start, signal: running.signal });
  expect(status.runs.map((run) => run.status)).toEqual(["interrupted"]);
});

it("is kept by one process at a time, and remembers what an earlier one did", async () => {
  const second: unknown[] = [];
  const start = async (): Promise<StudyOutcome> => {
    second.push(await schedule({}).catch((error: unknown) => error));
    return ended("completed");
  };
  await schedule({ start });
  expect(second).toEqual([expect.objectContaining({ code: "study.locked" })]);
  expect((await schedule({})).runs).toHaveLength(2);
  const died = { ...stored(), runs: [{ ...stored().runs[0], status: "running" }] };
  writeFileSync(file, JSON.stringify(died));
  expect((await schedule({})).runs.map((run) => run.status)).toEqual(["interrupted", "completed"]);
  writeFileSync(file, "garbage");
  expect((await schedule({})).runs).toHaveLength(1);
});

it("is refused when no moment is to come, and writes nothing", async () => {
  await expect(schedule({ timetable: inSeconds(-5) })).rejects.toMatchObject({ code: "study.schedule" });
  expect(() => stored()).toThrow(/ENOENT/);
});
