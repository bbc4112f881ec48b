import { LemError } from "@lem/domain";
import { ENTRY_STATUSES, type EntryCounts, type EntryStatus, type FailureNote } from "./manifest.ts";
import { nextEntry, type EntryState, type EntryStep } from "./transition.ts";

const NEVER = Number.NaN;
const isoOf = (ms: number | undefined): string | null =>
  ms === undefined || Number.isNaN(ms) ? null : new Date(ms).toISOString();
const msOf = (iso: string | null): number => (iso === null ? NEVER : Date.parse(iso));

/** The states of all runs in columns: twenty bytes a run, so that a study may have very many. */
export class EntryTable {
  readonly length: number;
  readonly #status: Uint8Array;
  readonly #attempts: Uint16Array;
  readonly #started: Float64Array;
  readonly #finished: Float64Array;
  readonly #stored: Uint8Array;
  readonly #failures = new Map<number, FailureNote>();
  readonly #counts: Record<EntryStatus, number>;

  constructor(length: number) {
    this.length = length;
    this.#status = new Uint8Array(length);
    this.#attempts = new Uint16Array(length);
    this.#started = new Float64Array(length).fill(NEVER);
    this.#finished = new Float64Array(length).fill(NEVER);
    this.#stored = new Uint8Array(length);
    this.#counts = Object.fromEntries(ENTRY_STATUSES.map((status) => [status, 0])) as Record<EntryStatus, number>;
    this.#counts.pending = length;
  }

  /** The state of one run. */
  at(slot: number): EntryState {
    const failure = this.#failures.get(slot);
    return {
      status: this.statusAt(slot),
      attempts: this.#attempts[slot] ?? 0,
      started_at: isoOf(this.#started[slot]),
      finished_at: isoOf(this.#finished[slot]),
      stored: this.#stored[slot] === 1,
      ...(failure !== undefined && { failure }),
    };
  }

  /** The status of one run. */
  statusAt(slot: number): EntryStatus {
    const status = ENTRY_STATUSES[this.#status[slot] ?? -1];
    if (status === undefined) throw new LemError("internal.bug", `a study of ${this.length} runs has no run ${slot}`);
    return status;
  }

  /** How many runs are in each state. */
  get counts(): EntryCounts {
    return { ...this.#counts };
  }

  /** Every failure that is known now, with its run. */
  get failures(): ReadonlyMap<number, FailureNote> {
    return this.#failures;
  }

  /** Applies a step. @throws LemError `internal.bug` for a step that the run's state does not allow */
  apply(slot: number, step: EntryStep): void {
    this.set(slot, nextEntry(this.at(slot), step));
  }

  /** Puts a state in place of another. */
  set(slot: number, state: EntryState): void {
    this.#counts[this.statusAt(slot)] -= 1;
    this.#counts[state.status] += 1;
    this.#status[slot] = ENTRY_STATUSES.indexOf(state.status);
    this.#attempts[slot] = state.attempts;
    this.#started[slot] = msOf(state.started_at);
    this.#finished[slot] = msOf(state.finished_at);
    this.#stored[slot] = Number(state.stored);
    if (state.failure === undefined) this.#failures.delete(slot);
    else this.#failures.set(slot, state.failure);
  }
}
