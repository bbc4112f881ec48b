import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostOptions } from "../files.ts";
import { findPowercapZones, type PowercapZone } from "../powercap.ts";
import type { Points } from "./batch.ts";

/** An energy counter of the processor that is added up once: a package, or the memory at it. */
export interface RaplDomain {
  /** `cpu-package-0`, `dram-0`. */
  readonly domain: string;
  readonly zone: PowercapZone;
}

/**
 * The packages and their DRAM. Cores and uncore are parts of a package and psys holds all of it, so that none of them
 * is added to it; the memory-mapped form of a package's zone tells the same again.
 */
export async function raplDomains(host: HostOptions): Promise<readonly RaplDomain[]> {
  const zones = (await findPowercapZones(host)).filter(({ readable }) => readable);
  const domains = new Map<string, RaplDomain>();
  for (const zone of zones.toSorted((a, b) => a.path.localeCompare(b.path))) {
    const domain = domainOf(zone, zones);
    if (domain !== undefined && !domains.has(domain)) domains.set(domain, { domain, zone });
  }
  return [...domains.values()];
}

function domainOf({ path, name }: PowercapZone, zones: readonly PowercapZone[]): string | undefined {
  const own = /^package-(\d+)(?:-die-\d+)?$/.exec(name);
  if (own !== null) return `cpu-${name}`;
  if (name !== "dram") return undefined;
  const parent = zones.find((zone) => zone.path === path.replace(/:\d+$/, ""))?.name;
  return `dram-${parent?.replace("package-", "") ?? /:(\d+)/.exec(path)?.[1] ?? "0"}`;
}

/** Milliseconds between two readings of the counters, which the processor updates each millisecond. */
export const RAPL_INTERVAL_MS = 50;

interface Counter {
  readonly domain: string;
  readonly file: string;
  readonly range_uj: number | undefined;
  last_uj: number;
  last_ns: number;
  readonly t_ns: number[];
  readonly power_w: number[];
  fault: string | null;
}

const monotonic = (): number => Number(process.hrtime.bigint());

/** Reads the processor's energy counters at a steady interval and keeps the mean power between two readings. */
export class RaplStream {
  readonly #counters: Counter[];
  #timer: NodeJS.Timeout | undefined;

  private constructor(counters: Counter[]) {
    this.#counters = counters;
  }

  /** Finds the counters; undefined when there is none that this user may read. */
  static async open(host: HostOptions): Promise<RaplStream | undefined> {
    const domains = await raplDomains(host);
    const counters = domains.map(({ domain, zone }): Counter => {
      const file = join(host.root, zone.path, "energy_uj");
      return { domain, file, range_uj: zone.range_uj, last_uj: 0, last_ns: 0, t_ns: [], power_w: [], fault: null };
    });
    return counters.length === 0 ? undefined : new RaplStream(counters);
  }

  get domains(): readonly string[] {
    return this.#counters.map(({ domain }) => domain);
  }

  start(): void {
    this.read();
    this.#timer ??= setInterval(() => this.read(), RAPL_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Reads every counter now. */
  read(): void {
    for (const counter of this.#counters) if (counter.fault === null) readCounter(counter);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Mean power between two readings, and why a counter is read no more. */
  pointsOf(domain: string): { readonly points: Points; readonly fault: string | null } {
    const counter = this.#counters.find((each) => each.domain === domain);
    const points = {
      t_ns: Float64Array.from(counter?.t_ns ?? []),
      value: Float64Array.from(counter?.power_w ?? []),
    };
    return { points, fault: counter?.fault ?? null };
  }
}

function readCounter(counter: Counter): void {
  let now_uj: number;
  const before = monotonic();
  try {
    now_uj = Number(readFileSync(counter.file, "utf8"));
  } catch (error) {
    counter.fault = error instanceof Error ? error.message : String(error);
    return;
  }
  const t_ns = (before + monotonic()) / 2;
  if (counter.last_ns > 0) {
    const length_ns = t_ns - counter.last_ns;
    const power_w = (1e3 * forward(counter.last_uj, now_uj, counter.range_uj)) / length_ns;
    counter.t_ns.push(t_ns);
    counter.power_w.push(power_w);
  } else {
    counter.t_ns.push(t_ns);
    counter.power_w.push(0);
  }
  counter.last_uj = now_uj;
  counter.last_ns = t_ns;
}

/** What was counted between two readings, over one wrap of the counter at most. */
const forward = (from: number, to: number, range: number | undefined): number =>
  to >= from ? to - from : range === undefined ? Number.NaN : to + range - from;
