import { machine } from "node:os";
import { fact, type Fact, type JsonValue } from "@lem/domain";
import { readText, textFact, wholeNumber, type HostFacts, type HostOptions } from "./files.ts";
import { pressurePercent } from "./memory.ts";

/** Kernel options that change speed or energy; the rest of the command line may hold names and is left out. */
const SPEED_OPTIONS =
  /^(mitigations|isolcpus|nohz_full|rcu_nocbs|intel_pstate|amd_pstate|intel_idle\.|processor\.|cpuidle|idle|nosmt|maxcpus|hugepages|transparent_hugepage|numa_balancing|iommu|preempt)/;

/** Facts of the operating system. Host name, user name and environment variables are left out on purpose. */
export async function osFacts(host: HostOptions): Promise<HostFacts> {
  const [release, fallback, kernel, build, arch, uptime, load, options, pressure, perf] = await Promise.all([
    readText(host, "/etc/os-release"),
    readText(host, "/usr/lib/os-release"),
    readText(host, "/proc/sys/kernel/osrelease"),
    readText(host, "/proc/sys/kernel/version"),
    architectureFact(host),
    readText(host, "/proc/uptime"),
    readText(host, "/proc/loadavg"),
    readText(host, "/proc/cmdline"),
    readText(host, "/proc/pressure/cpu"),
    readText(host, "/proc/sys/kernel/perf_event_paranoid"),
  ]);
  const distribution = release.ok ? release : fallback;
  return {
    distribution: textFact(distribution, { value: (text) => releaseField(text, "PRETTY_NAME") }),
    distribution_id: textFact(distribution, { value: (text) => releaseField(text, "ID") }),
    distribution_version: textFact(distribution, { value: (text) => releaseField(text, "VERSION_ID") }),
    kernel: textFact(kernel),
    kernel_build: textFact(build),
    kernel_speed_options: textFact(options, { value: speedOptions }),
    architecture: arch,
    uptime_s: textFact(uptime, { value: (text) => partOf(text, 0), unit: "s" }),
    load_average_1m: textFact(load, { value: (text) => partOf(text, 0) }),
    load_average_5m: textFact(load, { value: (text) => partOf(text, 1) }),
    load_average_15m: textFact(load, { value: (text) => partOf(text, 2) }),
    cpu_pressure_10s_percent: textFact(pressure, {
      value: pressurePercent,
      unit: "%",
      absent: "the kernel does not report pressure",
    }),
    perf_event_paranoid: textFact(perf, { value: wholeNumber }),
  };
}

const partOf = (text: string, index: number): number | undefined => {
  const part = text.split(" ")[index];
  return part === undefined || part === "" ? undefined : Number(part);
};

const releaseField = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}=["']?([^"'\\n]*)`, "m").exec(text)?.[1];

const speedOptions = (text: string): JsonValue => text.split(/\s+/).filter((option) => SPEED_OPTIONS.test(option));

/** From /proc where the kernel tells it (Linux 6.1 and newer), else from uname(2). */
async function architectureFact(host: HostOptions): Promise<Fact> {
  const read = await readText(host, "/proc/sys/kernel/arch");
  return read.ok ? textFact(read) : fact(machine(), "uname(2)");
}
