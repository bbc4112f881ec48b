import { fact, missingFact, type Fact, type JsonValue } from "@lem/domain";
import { frequencyFacts } from "./cpu-frequency.ts";
import { cpuinfoField } from "./cpuinfo.ts";
import { listNames, readText, textFact, type HostFacts, type HostOptions, type HostText } from "./files.ts";
import { numbersIn, shareFacts } from "./processors.ts";

const SYS_CPU = "/sys/devices/system/cpu";

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

/** A field of the first processor in /proc/cpuinfo. */
const field = (info: HostText, ...names: readonly string[]): Fact =>
  textFact(info, { value: (text) => names.map((name) => cpuinfoField(text, name)).find((each) => each !== undefined) });

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

const kibibytes = (text: string): number | undefined => {
  const count = /^(\d+)K$/.exec(text)?.[1];
  return count === undefined ? undefined : Number(count) * 1024;
};
