import { open, rm, type FileHandle } from "node:fs/promises";
import { fromSystemError } from "@lem/domain";
import { replaceFileAtomic } from "@lem/engines/atomic-file";
import { journalPath, manifestPath } from "../results/layout.ts";
import { manifestText } from "./codec.ts";
import { EntryTable } from "./entry-table.ts";
import { journalText } from "./journal.ts";
import { MANIFEST_SCHEMA_VERSION, type ManifestEntry, type ManifestHead, type StudyState } from "./manifest.ts";
import { entryOf } from "./read.ts";
import { nextStudy, type Transition } from "./transition.ts";

/** The runs of a study without their states; asked one by one, so that they need not lie in memory. */
export interface RunNames {
  readonly length: number;
  readonly at: (slot: number) => Pick<ManifestEntry, "experiment_id" | "cycle">;
}

/** Where a transition stands on its way to the disk; tests end the process there. */
export type CommitStep = "before" | "written" | "after";

/** How a manifest is kept. */
export interface StoreOptions {
  readonly onStep?: ((step: CommitStep, transition: Transition) => void) | undefined;
}

/**
 * A manifest is written whole after this many steps, or after as many as a 64th of its runs: up to 64 runs,
 * `study.json` is always the newest; beyond, the steps between go to the journal, and a step costs the same whatever
 * the number of runs (manifest.rationale.md).
 */
const RUNS_A_STEP = 64;

/** The manifest of a study at work: every transition is on disk when `commit` returns. */
export class ManifestStore {
  readonly entries: EntryTable;
  readonly #folder: string;
  readonly #head: ManifestHead;
  readonly #names: RunNames;
  readonly #options: StoreOptions;
  #study: StudyState;
  #journal: FileHandle | undefined;
  /** Steps in the journal; undefined while nobody knows what it holds. */
  #journalled: number | undefined;

  /** Nothing is read or written before the first commit. */
  constructor(
    place: { readonly folder: string; readonly head: ManifestHead; readonly study: StudyState },
    runs: { readonly names: RunNames; readonly entries?: EntryTable },
    options: StoreOptions = {},
  ) {
    this.#folder = place.folder;
    this.#head = place.head;
    this.#study = place.study;
    this.#names = runs.names;
    this.entries = runs.entries ?? new EntryTable(runs.names.length);
    this.#options = options;
  }

  get study(): StudyState {
    return this.#study;
  }

  /** Applies a transition and puts it on disk. @throws LemError `io.*`, and `internal.bug` for one that is not allowed */
  async commit(transition: Transition): Promise<void> {
    this.#apply(transition);
    this.#step("before", transition);
    if ("slot" in transition && !this.#isDue()) await this.#append(transition);
    else await this.#writeWhole(transition);
    this.#step("after", transition);
  }

  /** Closes files; what was committed stays. */
  async close(): Promise<void> {
    await this.#journal?.close();
    this.#journal = undefined;
  }

  #apply(transition: Transition): void {
    const transitions = this.#study.transitions + 1;
    if (!("slot" in transition)) this.#study = { ...nextStudy(this.#study, transition), transitions };
    else {
      const { slot, ...step } = transition;
      this.entries.apply(slot, step);
      this.#study = { ...this.#study, transitions };
    }
  }

  #isDue(): boolean {
    return this.#journalled === undefined || (this.#journalled + 1) * RUNS_A_STEP >= this.entries.length;
  }

  async #append(transition: Extract<Transition, { readonly slot: number }>): Promise<void> {
    const path = journalPath(this.#folder);
    const line = journalText({ seq: this.#study.transitions, ...transition });
    const steps = this.#journalled ?? 0;
    // Until the line is on disk as a whole, only a manifest written whole can follow.
    this.#journalled = undefined;
    try {
      this.#journal ??= await open(path, "a");
      await this.#journal.appendFile(line);
      await this.#journal.datasync();
    } catch (error) {
      throw fromSystemError(error, `writing ${path}`);
    }
    this.#journalled = steps + 1;
  }

  async #writeWhole(transition: Transition): Promise<void> {
    await replaceFileAtomic(manifestPath(this.#folder), async (temporary) => {
      const file = await open(temporary, "w");
      try {
        for (const piece of manifestText(this.#writable())) await file.appendFile(piece);
      } finally {
        await file.close();
      }
      this.#step("written", transition);
    });
    if (this.#journalled === 0) return;
    await this.close();
    await rm(journalPath(this.#folder), { force: true }).catch((error: unknown) => {
      throw fromSystemError(error, "removing the journal");
    });
    this.#journalled = 0;
  }

  #writable(): Parameters<typeof manifestText>[0] {
    const { name, started_at, command, source, identity, execution, experiments, retired } = this.#head;
    const { lem_version, status, reason, finished_at, pid, transitions } = this.#study;
    return {
      schema_version: MANIFEST_SCHEMA_VERSION,
      lem_version,
      name,
      status,
      reason,
      started_at,
      finished_at,
      pid,
      command,
      source,
      identity,
      execution,
      transitions,
      experiments,
      entries: this.#rows(),
      retired,
    };
  }

  *#rows(): Generator<ManifestEntry> {
    for (let slot = 0; slot < this.#names.length; slot++) yield entryOf(this.#names.at(slot), this.entries.at(slot));
  }

  #step(step: CommitStep, transition: Transition): void {
    this.#options.onStep?.(step, transition);
  }
}
