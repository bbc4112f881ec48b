import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { deepStrictEqual } from "node:assert";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLemError } from "@lem/domain";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EntryTable } from "../../src/manifest/entry-table.ts";
import type { EntryStatus } from "../../src/manifest/manifest.ts";
import { readManifest, stateOf } from "../../src/manifest/read.ts";
import type { CommitStep, ManifestStore } from "../../src/manifest/store.ts";
import type { Transition } from "../../src/manifest/transition.ts";
import { journalPath, manifestPath } from "../../src/results/layout.ts";
import { NOT_BEGUN, storeOf } from "./store-of.ts";

/** The manifest against a plain model, with the process dying anywhere: what was committed is what is read. */

const AT = "2026-11-22T09:00:00.000Z";
const NOTE = { code: "worker.crashed", message: "it ended" } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-manifest-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The model: what a person would write on paper. */
interface Paper {
  study: string;
  readonly runs: { status: EntryStatus; attempts: number; stored: boolean }[];
}

/** The process that holds the manifest; it dies where it is told to. */
interface Machine {
  store: ManifestStore;
  crashAt: CommitStep | null;
}

const LEGAL: Readonly<Record<EntryStatus, readonly string[]>> = {
  pending: ["start", "skip", "unneeded"],
  running: ["completed", "failed", "interrupted", "reopen"],
  completed: [],
  failed: ["reopen"],
  interrupted: ["reopen"],
  skipped: ["reopen"],
  unneeded: [],
};

function transitionOf(slot: number, what: string): Transition {
  switch (what) {
    case "start":
      return { type: "start", slot, at: AT };
    case "skip":
      return { type: "skip", slot, at: AT, failure: NOTE };
    case "unneeded":
      return { type: "unneed", slot, at: AT };
    case "reopen":
      return { type: "reopen", slot };
    case "completed":
      return { type: "finish", slot, at: AT, status: "completed", stored: true };
    default:
      return { type: "finish", slot, at: AT, status: what as "failed", stored: what === "interrupted", failure: NOTE };
  }
}

function note(paper: Paper, slot: number, what: string): void {
  const run = paper.runs[slot];
  if (run === undefined) return;
  const status = what === "start" ? "running" : what === "skip" ? "skipped" : what === "reopen" ? "pending" : what;
  run.status = status as EntryStatus;
  if (what === "start") run.attempts += 1;
  run.stored = what === "completed" || what === "interrupted";
}

async function opened(runs: number, machine: { crashAt: CommitStep | null }): Promise<ManifestStore> {
  const ids = Array.from({ length: runs }, (_, index) => `x${index}`);
  const onStep = (step: CommitStep): void => {
    if (step === machine.crashAt) throw new Error("died");
  };
  const before = existsSync(manifestPath(folder)) ? await readManifest(folder) : undefined;
  const entries = new EntryTable(runs);
  before?.entries.forEach((entry, slot) => entries.set(slot, stateOf(entry)));
  const study = { ...NOT_BEGUN, ...(before !== undefined && { transitions: before.transitions }) };
  const store = storeOf(folder, ids, { entries, study, onStep });
  await store.commit({ type: "begin", pid: process.pid, lem_version: "0" });
  return store;
}

async function holdsEqual(paper: Paper): Promise<void> {
  const { entries, status } = await readManifest(folder);
  const read = entries.map((entry) => ({
    status: entry.status,
    attempts: entry.attempts,
    stored: entry.result !== null,
  }));
  deepStrictEqual({ study: status, runs: read }, paper);
}

/** One step of one run; where the run's state does not allow it, it is refused and nothing changes. */
class Step implements fc.AsyncCommand<Paper, Machine> {
  readonly slot: number;
  readonly what: string;
  constructor(slot: number, what: string) {
    this.slot = slot;
    this.what = what;
  }
  check = (): boolean => true;
  async run(paper: Paper, machine: Machine): Promise<void> {
    const { status } = paper.runs[this.slot] ?? { status: "pending" };
    const refused = await machine.store.commit(transitionOf(this.slot, this.what)).then(
      () => false,
      (error: unknown) => isLemError(error, "internal.bug"),
    );
    if (refused === LEGAL[status].includes(this.what)) throw new Error(`${status} and ${this.what}`);
    if (!refused) note(paper, this.slot, this.what);
    await holdsEqual(paper);
  }
  toString = (): string => `${this.what}(${this.slot})`;
}

/** The process dies at a point of a step, perhaps with half a line in the journal, and the study is opened again. */
class Crash implements fc.AsyncCommand<Paper, Machine> {
  readonly at: CommitStep;
  readonly torn: number;
  constructor(at: CommitStep, torn: number) {
    this.at = at;
    this.torn = torn;
  }
  check = (paper: Readonly<Paper>): boolean => paper.runs.some(({ status }) => status === "pending");
  async run(paper: Paper, machine: Machine): Promise<void> {
    const slot = paper.runs.findIndex(({ status }) => status === "pending");
    machine.crashAt = this.at;
    const whole = await machine.store.commit(transitionOf(slot, "start")).then(
      () => true,
      () => false,
    );
    machine.crashAt = null;
    await machine.store.close();
    if (whole || this.at === "after") note(paper, slot, "start");
    else if (existsSync(journalPath(folder)))
      appendFileSync(journalPath(folder), '{"seq":99,"type":"start","slot":0'.slice(0, this.torn));
    await holdsEqual(paper);
    machine.store = await opened(paper.runs.length, machine);
    await holdsEqual(paper);
  }
  toString = (): string => `crash(${this.at}, ${this.torn})`;
}

const commandsFor = (runs: number): readonly fc.Arbitrary<fc.AsyncCommand<Paper, Machine>>[] => [
  fc
    .tuple(
      fc.nat({ max: runs - 1 }),
      fc.constantFrom("start", "completed", "failed", "interrupted", "skip", "unneeded", "reopen"),
    )
    .map(([slot, what]) => new Step(slot, what)),
  fc
    .tuple(fc.constantFrom<CommitStep>("before", "written", "after"), fc.nat({ max: 33 }))
    .map(([at, torn]) => new Crash(at, torn)),
];

test.each([
  [4, 4, 40],
  [180, 8, 12],
])("%d runs: as on paper, wherever the process dies", { timeout: 120_000 }, async (runs, touched, numRuns) => {
  const commands = fc.commands([...commandsFor(touched)], { maxCommands: 40 });
  const property = fc.asyncProperty(commands, async (sequence) => {
    rmSync(folder, { recursive: true, force: true });
    const machine: Machine = { store: undefined as unknown as ManifestStore, crashAt: null };
    machine.store = await opened(runs, machine);
    const paper: Paper = {
      study: "running",
      runs: Array.from({ length: runs }, () => ({ status: "pending", attempts: 0, stored: false })),
    };
    await fc.asyncModelRun(() => ({ model: paper, real: machine }), sequence);
    await machine.store.close();
  });
  await expect(fc.assert(property, { seed: 6, numRuns })).resolves.toBeUndefined();
});

test("a small study has no journal, a large one has none after its end", async () => {
  const small = await opened(64, { crashAt: null });
  await small.commit({ type: "start", slot: 0, at: AT });
  expect(readdirSync(folder)).toEqual(["study.json"]);
  rmSync(manifestPath(folder));
  const large = await opened(2000, { crashAt: null });
  const before = statSync(manifestPath(folder)).mtimeMs;
  await large.commit({ type: "start", slot: 0, at: AT });
  expect(statSync(manifestPath(folder)).mtimeMs).toBe(before);
  expect(existsSync(journalPath(folder))).toBe(true);
  await large.commit({ type: "end", at: AT, status: "interrupted" });
  expect(readdirSync(folder)).toEqual(["study.json"]);
});

test("a journal that was cut in the middle of a line is read up to there; one that lost a line is damaged", async () => {
  const store = await opened(2000, { crashAt: null });
  for (const slot of [0, 1, 2]) await store.commit({ type: "start", slot, at: AT });
  await store.close();
  const journal = journalPath(folder);
  const text = readFileSync(journal, "utf8");
  for (let length = text.length; length >= 0; length -= 7) {
    truncateSync(journal, length);
    const { entries } = await readManifest(folder);
    const whole = text.slice(0, length).split("\n").length - 1;
    expect(entries.filter(({ status }) => status === "running")).toHaveLength(whole);
  }
  truncateSync(journal);
  appendFileSync(journal, text.split("\n").slice(1).join("\n"));
  await expect(readManifest(folder)).rejects.toMatchObject({ code: "results.invalid" });
});

test("a step that could not be appended is never followed by another: the next writes the file whole", async () => {
  const store = await opened(2000, { crashAt: null });
  await store.commit({ type: "start", slot: 0, at: AT });
  await store.close();
  const journal = journalPath(folder);
  rmSync(journal);
  // A folder in its place fails as a full disk does: after the step was decided on.
  mkdirSync(journal);
  await expect(store.commit({ type: "start", slot: 1, at: AT })).rejects.toMatchObject({ code: "io.failed" });
  rmSync(journal, { recursive: true });
  await store.commit({ type: "start", slot: 2, at: AT });
  const { entries } = await readManifest(folder);
  expect(entries.slice(0, 3).map(({ status }) => status)).toEqual(["running", "running", "running"]);
  await store.close();
});
