import type { HostOptions } from "../files.ts";
import { findPowercapZones, type PowercapZone } from "../powercap.ts";

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
