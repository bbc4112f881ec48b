import { fact, type Fact } from "@lem/domain";
import { cpuinfoField } from "./cpuinfo.ts";
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

/** Facts of the processor's frequency: who sets it, its range and the present value; `info` is /proc/cpuinfo. */
export async function frequencyFacts(host: HostOptions, info: HostText): Promise<HostFacts> {
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

const kilohertzToMegahertz = (text: string): number | undefined => {
  const kilohertz = wholeNumber(text);
  return kilohertz === undefined ? undefined : kilohertz / 1000;
};
