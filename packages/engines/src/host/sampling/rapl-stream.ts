import { join } from "node:path";
import type { HostOptions } from "../files.ts";
import type { Batch } from "./batch.ts";
import type { RaplCounterFile } from "./rapl-counter.ts";
import { raplDomains } from "./rapl-domains.ts";
import { SamplingThread, type ThreadStart } from "./sampling-thread.ts";

/** What was read of each counter, by its domain. */
export type RaplBatch = Readonly<Record<string, Batch>>;

/** What the thread is started with. */
export interface RaplThreadData {
  readonly counters: readonly RaplCounterFile[];
  readonly read_ms: number;
  readonly send_ms: number;
}

/** Milliseconds between two readings of the counters, which the processor updates each millisecond. */
const READ_MS = 50;
const SEND_MS = 1000;

const THREAD = new URL(import.meta.url.endsWith(".ts") ? "./rapl-thread.ts" : "./rapl-thread.js", import.meta.url);

/** The energy counters of the processor that this user may read, without a wrap of them being lost. */
export async function findRaplCounters(host: HostOptions): Promise<readonly RaplCounterFile[]> {
  const domains = await raplDomains(host);
  return domains.map(({ domain, zone }) => ({
    domain,
    file: join(host.root, zone.path, "energy_uj"),
    range_uj: zone.range_uj,
  }));
}

/** Reads the processor's energy counters at a steady interval, on a thread of its own. */
export class RaplStream {
  readonly #counters: readonly RaplCounterFile[];
  readonly #listeners = new Map<string, (batch: Batch) => void>();
  #thread: SamplingThread<RaplBatch, null> | undefined;

  constructor(counters: readonly RaplCounterFile[]) {
    this.#counters = counters;
  }

  /** Why the thread samples no more, or null while it does. */
  get lost(): string | null {
    return this.#thread?.lost ?? null;
  }

  /** Has the batches of one counter given on. */
  listen(domain: string, onBatch: (batch: Batch) => void): void {
    this.#listeners.set(domain, onBatch);
  }

  /** Starts the thread, once; waits until each counter was read for the first time. */
  start(): Promise<ThreadStart<null>> {
    this.#thread ??= new SamplingThread<RaplBatch, null>({
      entry: THREAD,
      data: { counters: this.#counters, read_ms: READ_MS, send_ms: SEND_MS } satisfies RaplThreadData,
      onBatch: (batch) => {
        for (const [domain, own] of Object.entries(batch)) this.#listeners.get(domain)?.(own);
      },
    });
    return this.#thread.started();
  }

  /** Has every counter read now; false when the thread does not answer. */
  async flush(): Promise<boolean> {
    return (await this.#thread?.ask("flush")) !== undefined;
  }

  /** Reads a last time and ends the thread; may be called twice. */
  async stop(): Promise<void> {
    await this.#thread?.stop();
  }
}
