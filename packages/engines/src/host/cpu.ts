import { fact, missingFact, type Fact, type JsonValue } from "@lem/domain";
import { tightestLimit, type GroupLimit } from "./control-group.ts";
import {
  listNames,
  readText,
  textFact,
  wholeNumber,
  type HostFacts,
  type HostOptions,
  type HostText,
} from "./files.ts";

const SYS_CPU = "/sys/devices/system/cpu";
const POLICIES = `${SYS_CPU}/cpufreq`;
const NO_SCALING = "the kernel does not scale the frequency here: usual in a virtual machine, where the host decides";

/** Instruction sets that decide the speed of inference on a CPU: x86 flags and Arm features. */
const VECTOR_FLAGS: ReadonlySet<string> = new Set([
  "sse4_2",
  "avx",
  "avx2",
  "fma",
  "f16c",
  "avx_vnni",
  "avx512f",
  "avx512bw",
  "avx512vl",
  "avx512_vnni",
  "avx512_bf16",
  "avx512_fp16",
  "amx_tile",
  "amx_int8",
  "amx_bf16",
  "amx_fp16",
  "asimd",
  "asimddp",
  "asimdhp",
  "bf16",
  "i8mm",
  "sve",
  "sve2",
  "sme",
]);

/** Facts of the processor: model, topology, frequencies and what of it this process may use. */
export async function cpuFacts(host: HostOptions): Promise<HostFacts> {
  const info = await readText(host, "/proc/cpuinfo");
  const groups = await Promise.all([topologyFacts(host, info), frequencyFacts(host, info), shareFacts(host)]);
  return { ...modelFacts(info), ...Object.assign({}, ...groups) };
}

/**
 * How many processors this process can keep busy: its affinity, cut by the quota of its control group, at least 1.
 * Undefined when the machine does not say.
 */
export async function usableProcessors(host: HostOptions): Promise<number | undefined> {
  const [affinity, quota] = await Promise.all([affinityCount(host), cpuQuota(host)]);
  if (typeof affinity !== "number") return undefined;
  return Math.max(1, Math.min(affinity, Math.floor(quota?.limit ?? Infinity)));
}

/** A field of the first processor in /proc/cpuinfo. */
const field = (info: HostText, ...names: readonly string[]): Fact =>
  textFact(info, { value: (text) => names.map((name) => cpuinfoField(text, name)).find((each) => each !== undefined) });

const cpuinfoField = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}\\s*:\\s*(.+)$`, "m").exec(text)?.[1]?.trim();

function modelFacts(info: HostText): HostFacts {
  return {
    model: textFact(info, { value: modelName }),
    vendor: field(info, "vendor_id", "CPU implementer"),
    family_model_stepping: textFact(info, { value: familyModelStepping }),
    microcode: field(info, "microcode"),
    vector_flags: textFact(info, { value: vectorFlags }),
  };
}

/** Arm names no model in words: the implementer and part numbers identify it. */
function modelName(text: string): string | undefined {
  const [implementer, part] = [cpuinfoField(text, "CPU implementer"), cpuinfoField(text, "CPU part")];
  const name = cpuinfoField(text, "model name");
  return name ?? (part === undefined ? undefined : `implementer ${implementer ?? "unknown"}, part ${part}`);
}

function familyModelStepping(text: string): string | undefined {
  const parts = ["cpu family", "model", "stepping"].map((name) => cpuinfoField(text, name));
  return parts.includes(undefined) ? undefined : parts.join("-");
}

function vectorFlags(text: string): JsonValue | undefined {
  const flags = cpuinfoField(text, "flags") ?? cpuinfoField(text, "Features");
  return flags?.split(/\s+/).filter((flag) => VECTOR_FLAGS.has(flag));
}

async function topologyFacts(host: HostOptions, info: HostText): Promise<HostFacts> {
  const [online, smt, nodes, isolated, cache] = await Promise.all([
    readText(host, `${SYS_CPU}/online`),
    readText(host, `${SYS_CPU}/smt/active`),
    readText(host, "/sys/devices/system/node/online"),
    readText(host, `${SYS_CPU}/isolated`),
    readText(host, `${SYS_CPU}/cpu0/cache/index3/size`),
  ]);
  const [sockets, cores] = await coreCounts(host, info);
  return {
    sockets,
    cores,
    threads: textFact(online, { value: (text) => numbersIn(text)?.length }),
    smt_active: textFact(smt, { value: (text) => text === "1" }),
    numa_nodes: textFact(nodes, { value: (text) => numbersIn(text)?.length, absent: "the kernel knows no NUMA nodes" }),
    isolated_processors: textFact(isolated, { value: (text) => (text === "" ? "none" : text) }),
    l3_cache_b: textFact(cache, { value: kibibytes, unit: "B", absent: "no third-level cache is reported" }),
  };
}

/** Sockets and physical cores: from /proc/cpuinfo on x86, from sysfs elsewhere. */
async function coreCounts(host: HostOptions, info: HostText): Promise<readonly [sockets: Fact, cores: Fact]> {
  const blocks = info.ok ? info.text.split("\n\n") : [];
  const ids = blocks.map((block) => [cpuinfoField(block, "physical id"), cpuinfoField(block, "core id")] as const);
  if (ids.length > 0 && ids.every(([socket, core]) => socket !== undefined && core !== undefined)) {
    const [sockets, cores] = [new Set(ids.map(([socket]) => socket)), new Set(ids.map((pair) => pair.join(":")))];
    return [fact(sockets.size, info.path), fact(cores.size, info.path)];
  }
  return Promise.all([groupsOf(host, "package_cpus_list"), groupsOf(host, "core_cpus_list")]);
}

async function groupsOf(host: HostOptions, file: string): Promise<Fact> {
  const names = (await listNames(host, SYS_CPU)).filter((name) => /^cpu\d+$/.test(name));
  const reads = await Promise.all(names.map((name) => readText(host, `${SYS_CPU}/${name}/topology/${file}`)));
  const groups = new Set(reads.filter((read) => read.ok).map((read) => read.text));
  const source = `${SYS_CPU}/cpu*/topology/${file}`;
  return groups.size === 0 ? missingFact("not-supported", `this machine has no ${source}`) : fact(groups.size, source);
}

async function frequencyFacts(host: HostOptions, info: HostText): Promise<HostFacts> {
  const policies = (await listNames(host, POLICIES)).filter((name) => /^policy\d+$/.test(name));
  const first = `${POLICIES}/${policies[0] ?? "policy0"}`;
  const read = (name: string): Promise<HostText> => readText(host, `${first}/${name}`);
  const [driver, now, low, high, preference, governor, boost] = await Promise.all([
    read("scaling_driver"),
    read("scaling_cur_freq"),
    read("cpuinfo_min_freq"),
    read("cpuinfo_max_freq"),
    read("energy_performance_preference"),
    governorFact(host, policies),
    boostFact(host),
  ]);
  const megahertz = { value: kilohertzToMegahertz, unit: "MHz", absent: NO_SCALING };
  return {
    governor,
    frequency_driver: textFact(driver, { absent: NO_SCALING }),
    frequency_now_mhz: now.ok ? textFact(now, megahertz) : nowFromCpuinfo(info),
    frequency_min_mhz: textFact(low, megahertz),
    frequency_max_mhz: textFact(high, megahertz),
    energy_preference: textFact(preference, { absent: "the frequency driver has no energy preference" }),
    boost,
  };
}

const nowFromCpuinfo = (info: HostText): Fact =>
  textFact(info, { value: (text) => numberOr(cpuinfoField(text, "cpu MHz")), unit: "MHz" });

const numberOr = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** The governor, or every governor in use when processors differ. */
async function governorFact(host: HostOptions, policies: readonly string[]): Promise<Fact> {
  const names = policies.length === 0 ? ["policy0"] : policies;
  const reads = await Promise.all(names.map((name) => readText(host, `${POLICIES}/${name}/scaling_governor`)));
  const failed = reads.find((read) => !read.ok);
  if (failed !== undefined) return textFact(failed, { absent: NO_SCALING });
  const governors = [...new Set(reads.map((read) => (read.ok ? read.text : "")))].toSorted();
  return fact(governors.length === 1 ? (governors[0] ?? "") : governors, `${POLICIES}/policy*/scaling_governor`);
}

async function boostFact(host: HostOptions): Promise<Fact> {
  const [boost, noTurbo] = await Promise.all([
    readText(host, `${POLICIES}/boost`),
    readText(host, `${SYS_CPU}/intel_pstate/no_turbo`),
  ]);
  if (noTurbo.ok) return textFact(noTurbo, { value: (text) => text === "0" });
  return textFact(boost, { value: (text) => text === "1", absent: NO_SCALING });
}

async function shareFacts(host: HostOptions): Promise<HostFacts> {
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
function numbersIn(list: string): readonly number[] | undefined {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) return undefined;
  return list.split(",").flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

const kilohertzToMegahertz = (text: string): number | undefined => {
  const kilohertz = wholeNumber(text);
  return kilohertz === undefined ? undefined : kilohertz / 1000;
};

const kibibytes = (text: string): number | undefined => {
  const count = /^(\d+)K$/.exec(text)?.[1];
  return count === undefined ? undefined : Number(count) * 1024;
};
