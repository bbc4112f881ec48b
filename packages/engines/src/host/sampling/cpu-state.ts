import type { Fact } from "@lem/domain";
import { cpuFacts } from "../cpu.ts";
import { readText, type HostOptions } from "../files.ts";
import type { SensorState } from "./sensor-state.ts";

/** Facts of the processor that its power at rest depends on. */
const SETTINGS = ["model", "microcode", "threads", "governor", "energy_preference", "boost", "smt_active"] as const;

/** Reads the state of the processor; it is that of one boot, since nothing else tells machines apart. */
export async function readCpuState(host: HostOptions): Promise<SensorState> {
  const [facts, boot] = await Promise.all([cpuFacts(host), readText(host, "/proc/sys/kernel/random/boot_id")]);
  const kernel = await readText(host, "/proc/sys/kernel/osrelease");
  const settings = SETTINGS.map((name) => [name, plain(facts[name])] as const);
  return {
    t_ns: Number(process.hrtime.bigint()),
    device_id: boot.ok ? boot.text : "unknown",
    settings: { kernel: kernel.ok ? kernel.text : null, ...Object.fromEntries(settings) },
    temperature_c: null,
    clock_mhz: null,
    processes: null,
    ecc: null,
  };
}

const plain = (fact: Fact | undefined): string | number | null => {
  if (fact?.status !== "measured") return null;
  const { value } = fact;
  return typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
};
