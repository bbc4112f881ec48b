import { join } from "node:path";
import { measured, nanoseconds, unavailable, type Nanoseconds, type Reading } from "@lem/domain";
import { processTree, textOrEmpty } from "./process-tree.ts";

/** Memory of a process tree over one interval. */
export interface ProcessMemoryUse {
  readonly peak: Reading;
  /** Time-weighted: linear between samples. */
  readonly mean: Reading;
}

/** Watches the resident memory of a process and its descendants. */
export interface ProcessMemorySampler {
  /** Peak and mean between two instants of CLOCK_MONOTONIC; takes one more sample if `to` is later than the last. */
  between(from: Nanoseconds, to: Nanoseconds): ProcessMemoryUse;
  /** Ends sampling; what was sampled can still be asked for. May be called twice. */
  stop(): void;
}

/** How to sample. */
export interface ProcessMemoryOptions {
  readonly intervalMs?: number;
  /** Where /proc lies: `/`, or the folder of a recorded tree. */
  readonly root?: string;
}

interface Sample {
  readonly t: number;
  readonly resident: number;
  /** Highest since the sample before, by the kernel's high-water marks. */
  readonly highest: number;
}

interface Marks {
  readonly resident: number;
  readonly highWater: number;
}

const DEFAULT_INTERVAL_MS = 250;
/** The tree of processes changes seldom; finding it again costs more than reading it. */
const TREE_INTERVAL_MS = 2000;

/**
 * Samples VmRSS of a process and its descendants from /proc, by default four times a second. The sum counts a page
 * that several processes share once for each. A peak between two samples is not missed: a process whose high-water
 * mark (VmHWM) rose since the sample before counts with that mark. Off Linux both readings are unavailable.
 */
export function openProcessMemorySampler(pid: number, options: ProcessMemoryOptions = {}): ProcessMemorySampler {
  const intervalMs = options.intervalMs ?? DEFAULT_INTERVAL_MS;
  const tree = new ProcessTree(pid, join(options.root ?? "/", "proc"));
  const samples: Sample[] = [];
  const source = `VmRSS of the process and its descendants, every ${intervalMs} ms`;
  const take = (): void => {
    const sample = tree.sample();
    if (sample === undefined) clearInterval(timer);
    else samples.push(sample);
  };
  const timer = setInterval(take, intervalMs).unref();
  take();
  return {
    between: (from, to) => {
      if ((samples.at(-1)?.t ?? 0) < to) take();
      return useBetween(samples, from, to, source);
    },
    stop: () => clearInterval(timer),
  };
}

/** The process and its descendants, with what each held at the sample before. */
class ProcessTree {
  readonly #pid: number;
  readonly #proc: string;
  #pids: readonly number[] = [];
  #listedAt = -Infinity;
  #before = new Map<number, Marks>();

  constructor(pid: number, proc: string) {
    this.#pid = pid;
    this.#proc = proc;
  }

  /** Undefined when the process has ended, or there is no /proc. */
  sample(): Sample | undefined {
    const t = Number(process.hrtime.bigint());
    if (t - this.#listedAt > TREE_INTERVAL_MS * 1e6) {
      this.#pids = processTree(this.#pid, this.#proc);
      this.#listedAt = t;
    }
    const now = new Map<number, Marks>();
    for (const pid of this.#pids) {
      const marks = readMarks(pid, this.#proc);
      if (marks !== undefined) now.set(pid, marks);
    }
    if (!now.has(this.#pid)) return undefined;
    const [resident, highest] = this.#sums(now);
    this.#before = now;
    return { t, resident, highest };
  }

  #sums(now: ReadonlyMap<number, Marks>): readonly [resident: number, highest: number] {
    let [resident, highest] = [0, 0];
    for (const [pid, marks] of now) {
      const before = this.#before.get(pid);
      const rose = before !== undefined && marks.highWater > before.highWater;
      resident += marks.resident;
      highest += rose ? marks.highWater : marks.resident;
    }
    return [resident, highest];
  }
}

function readMarks(pid: number, proc: string): Marks | undefined {
  const status = textOrEmpty(`${proc}/${pid}/status`);
  const [resident, highWater] = [kibibytes(status, "VmRSS"), kibibytes(status, "VmHWM")];
  return resident === undefined ? undefined : { resident, highWater: highWater ?? resident };
}

function kibibytes(status: string, name: string): number | undefined {
  const count = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return count === undefined ? undefined : Number(count) * 1024;
}

function useBetween(all: readonly Sample[], from: number, to: number, source: string): ProcessMemoryUse {
  const samples = around(all, from, to);
  if (samples.length === 0) {
    const none =
      process.platform === "linux"
        ? unavailable("too-few-samples", "no sample of the process's memory lies in this interval")
        : unavailable(
            "not-supported",
            `the memory of a process tree is read from /proc, which ${process.platform} lacks`,
          );
    return { peak: none, mean: none };
  }
  const parts = { unit: "B", source, n: samples.length } as const;
  return {
    peak: measured({ ...parts, value: peakOf(samples, from) }),
    mean: measured({ ...parts, value: meanOf(samples, from, to) }),
  };
}

/** The samples inside the interval and the nearest one on either side. */
function around(all: readonly Sample[], from: number, to: number): readonly Sample[] {
  const before = all.findLastIndex((sample) => sample.t <= from);
  const after = all.findIndex((sample) => sample.t >= to);
  return all.slice(Math.max(0, before), after === -1 ? all.length : after + 1);
}

/**
 * The highest of the samples from `from` to the first at or after `to`, with the high-water marks that rose in them: a
 * rise up to one sampling interval outside may count. A sample from before counts only if there is no other.
 */
function peakOf(samples: readonly Sample[], from: number): number {
  const since = samples.filter((sample) => sample.t >= from);
  return since.length === 0 ? (samples[0]?.resident ?? 0) : Math.max(...since.map((sample) => sample.highest));
}

/** Integral of the straight lines between samples over the covered part of the interval, by its length. */
function meanOf(samples: readonly Sample[], from: number, to: number): number {
  let [area, length] = [0, 0];
  for (const [index, right] of samples.entries()) {
    const left = samples[index - 1];
    if (left === undefined) continue;
    const [start, end] = [Math.max(left.t, from), Math.min(right.t, to)];
    if (end <= start) continue;
    area += ((valueAt(left, right, start) + valueAt(left, right, end)) / 2) * (end - start);
    length += end - start;
  }
  return length === 0 ? (samples[0]?.resident ?? 0) : area / length;
}

const valueAt = (left: Sample, right: Sample, t: number): number =>
  left.resident + ((right.resident - left.resident) * (t - left.t)) / (right.t - left.t);

/** Now, on the clock that the sampler's intervals are given in. */
export const monotonicNow = (): Nanoseconds => nanoseconds(Number(process.hrtime.bigint()));
