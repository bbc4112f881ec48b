import { listNames, readText, wholeNumber, type HostOptions } from "./files.ts";

const POWERCAP = "/sys/class/powercap";

/** One energy counter of the processor (RAPL), and whether this user may read it. */
export interface PowercapZone {
  /** Its folder: `/sys/class/powercap/intel-rapl:0`. */
  readonly path: string;
  /** The kernel's name: `package-0`, `core`, `uncore`, `dram`, `psys`. */
  readonly name: string;
  readonly readable: boolean;
  /** Errno of the failed read; undefined when readable. */
  readonly errno?: string;
  /** Where the counter wraps, in microjoules. */
  readonly range_uj?: number;
}

/** The energy counters that the kernel offers, package zones before their parts. AMD's use the same names. */
export async function findPowercapZones(host: HostOptions): Promise<readonly PowercapZone[]> {
  const names = (await listNames(host, POWERCAP)).filter((name) => /^intel-rapl(-mmio)?(:\d+)+$/.test(name));
  const zones = await Promise.all(names.map((name) => readZone(host, `${POWERCAP}/${name}`)));
  return zones.filter((zone) => zone !== undefined);
}

async function readZone(host: HostOptions, path: string): Promise<PowercapZone | undefined> {
  const [name, energy, range] = await Promise.all([
    readText(host, `${path}/name`),
    readText(host, `${path}/energy_uj`),
    readText(host, `${path}/max_energy_range_uj`),
  ]);
  if (!name.ok) return undefined;
  const wraps = range.ok ? wholeNumber(range.text) : undefined;
  return {
    path,
    name: name.text,
    readable: energy.ok,
    ...(energy.ok ? {} : { errno: energy.errno }),
    ...(wraps === undefined ? {} : { range_uj: wraps }),
  };
}

/** Why there is no readable CPU energy counter, and what a person can do about it; undefined when there is one. */
export function powercapProblem(
  zones: readonly PowercapZone[],
  virtualMachine: boolean,
): { readonly why: string; readonly todo: string } | undefined {
  if (zones.some((zone) => zone.readable)) return undefined;
  if (zones.length > 0) {
    return {
      why: `${zones.length} energy counters exist, but only root may read them (${zones[0]?.errno ?? "EACCES"})`,
      todo: `sudo chmod a+r ${POWERCAP}/*/energy_uj   (until the next boot; a udev rule keeps it)`,
    };
  }
  return virtualMachine
    ? {
        why: "a virtual machine is not given the processor's energy counters",
        todo: "run on bare metal to measure CPU energy",
      }
    : { why: `the kernel offers no ${POWERCAP}/intel-rapl:*`, todo: "sudo modprobe intel_rapl_msr" };
}
