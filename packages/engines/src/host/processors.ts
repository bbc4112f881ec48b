import { fact, missingFact, type Fact } from "@lem/domain";
import { tightestLimit, type GroupLimit } from "./control-group.ts";
import { readText, textFact, type HostFacts, type HostOptions } from "./files.ts";

/**
 * How many processors this process can keep busy: its affinity, cut by the quota of its control group, at least 1.
 * Undefined when the machine does not say.
 */
export async function usableProcessors(host: HostOptions): Promise<number | undefined> {
  const [affinity, quota] = await Promise.all([affinityCount(host), cpuQuota(host)]);
  if (typeof affinity !== "number") return undefined;
  return Math.max(1, Math.min(affinity, Math.floor(quota?.limit ?? Infinity)));
}

/** Facts of the share of the machine that this process may use: affinity, quota and what follows from both. */
export async function shareFacts(host: HostOptions): Promise<HostFacts> {
  const [status, quota, usable] = await Promise.all([
    readText(host, "/proc/self/status"),
    cpuQuota(host),
    usableProcessors(host),
  ]);
  return {
    affinity_processors: textFact(status, { value: (text) => allowedProcessors(text)?.length }),
    cgroup_quota_processors: quotaFact(quota),
    usable_processors:
      usable === undefined
        ? missingFact("not-supported", "the machine does not say which processors this process may use")
        : fact(usable, "/proc/self/status and the control group's quota"),
  };
}

const quotaFact = (quota: GroupLimit | undefined): Fact =>
  quota === undefined
    ? missingFact("not-supported", "no control group limits processors here")
    : fact(quota.limit === Infinity ? "unlimited" : quota.limit, quota.source);

const allowedProcessors = (status: string): readonly number[] | undefined =>
  numbersIn(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "");

async function affinityCount(host: HostOptions): Promise<number | undefined> {
  const status = await readText(host, "/proc/self/status");
  return status.ok ? allowedProcessors(status.text)?.length : undefined;
}

/** Processors' worth of time that the control group allows: quota / period. */
const cpuQuota = (host: HostOptions): Promise<GroupLimit | undefined> =>
  tightestLimit(host, "cpu", (folder, version) => (version === 2 ? quotaV2(host, folder) : quotaV1(host, folder)));

async function quotaV2(host: HostOptions, folder: string): Promise<GroupLimit | undefined> {
  const read = await readText(host, `${folder}/cpu.max`);
  if (!read.ok) return undefined;
  const [quota = "max", period = "100000"] = read.text.split(" ");
  return { limit: quota === "max" ? Infinity : Number(quota) / Number(period), source: read.path };
}

async function quotaV1(host: HostOptions, folder: string): Promise<GroupLimit | undefined> {
  const [quota, period] = await Promise.all([
    readText(host, `${folder}/cpu.cfs_quota_us`),
    readText(host, `${folder}/cpu.cfs_period_us`),
  ]);
  if (!quota.ok || !period.ok) return undefined;
  const limit = Number(quota.text) < 0 ? Infinity : Number(quota.text) / Number(period.text);
  return { limit, source: quota.path };
}

/** Numbers of a kernel list: "0-2,7" is 0, 1, 2, 7; undefined when the text is none. */
export function numbersIn(list: string): readonly number[] | undefined {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) return undefined;
  return list.split(",").flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
