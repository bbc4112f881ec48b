import { clockFacts } from "../host/clock.ts";
import { containerFacts } from "../host/container.ts";
import { cpuFacts } from "../host/cpu.ts";
import type { HostFacts, HostOptions } from "../host/files.ts";
import { memoryFacts } from "../host/memory.ts";
import { osFacts } from "../host/os.ts";
import { detailOf, numberOf, textOf, valueOf } from "./fact-values.ts";
import { folderCheck } from "./folder.ts";
import { gibibytes, missingCheck, okCheck, warnCheck, type DoctorCheck, type DoctorOptions } from "./report.ts";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** The machine itself: processors, memory, disk, clocks, and what else runs on it. */
export async function hostChecks(host: HostOptions, { resultsDir }: DoctorOptions): Promise<readonly DoctorCheck[]> {
  const [cpu, memory, os, container, clock, results] = await Promise.all([
    cpuFacts(host),
    memoryFacts(host),
    osFacts(host),
    containerFacts(host),
    clockFacts(host),
    folderCheck({
      id: "host.results",
      title: "Results folder",
      folder: resultsDir,
      enough_b: GIB,
      why: "a long study fills it",
      todo: "free some space, or name another folder with --out",
    }),
  ]);
  return [
    processorCheck(cpu),
    governorCheck(cpu),
    loadCheck(cpu, os),
    memoryCheck(memory),
    sharedMemoryCheck(memory),
    clockCheck(clock),
    virtualCheck(container),
    results,
  ];
}

function processorCheck(cpu: HostFacts): DoctorCheck {
  const [id, title] = ["host.processors", "Processors"];
  const usable = numberOf(cpu["usable_processors"]);
  const model = textOf(cpu["model"]) ?? "unknown model";
  if (usable === undefined)
    return missingCheck(id, title, { found: "unknown", why: detailOf(cpu["usable_processors"]), todo: null });
  return okCheck(id, title, `${usable} usable of ${textOf(cpu["threads"]) ?? "?"}, ${model}`);
}

function governorCheck(cpu: HostFacts): DoctorCheck {
  const [id, title] = ["host.governor", "Frequency governor"];
  const found = textOf(cpu["governor"]);
  if (found === undefined)
    return warnCheck(id, title, { found: "unknown", why: detailOf(cpu["governor"]), todo: null });
  const driver = valueOf(cpu["frequency_driver"]);
  const adapts = driver === "intel_pstate" || driver === "amd-pstate-epp";
  if (found === "performance" || (found === "powersave" && adapts)) return okCheck(id, title, found);
  return warnCheck(id, title, {
    found,
    why: "the processor's speed follows the load: short runs vary more",
    todo: "sudo cpupower frequency-set -g performance",
  });
}

function loadCheck(cpu: HostFacts, os: HostFacts): DoctorCheck {
  const [id, title] = ["host.load", "Other work"];
  const [load, usable] = [numberOf(os["load_average_1m"]), numberOf(cpu["usable_processors"])];
  if (load === undefined || usable === undefined)
    return warnCheck(id, title, { found: "unknown", why: detailOf(os["load_average_1m"]), todo: null });
  const found = `load average ${load} on ${usable} processors`;
  if (load <= usable / 2) return okCheck(id, title, found);
  return warnCheck(id, title, { found, why: "other programs take time from the engine", todo: "end them, or wait" });
}

function memoryCheck(memory: HostFacts): DoctorCheck {
  const [id, title] = ["host.memory", "Memory"];
  const available = numberOf(memory["available_b"]);
  if (available === undefined)
    return missingCheck(id, title, { found: "unknown", why: detailOf(memory["available_b"]), todo: null });
  const limit = numberOf(memory["cgroup_limit_b"]);
  const room = Math.min(available, limit ?? Infinity);
  const found = `${gibibytes(room)} available${limit === undefined ? "" : ", limited by a control group"}`;
  if (room >= 2 * GIB) return okCheck(id, title, found);
  return warnCheck(id, title, { found, why: "only small models fit", todo: "end other programs" });
}

function sharedMemoryCheck(memory: HostFacts): DoctorCheck {
  const [id, title] = ["host.shared-memory", "Shared memory"];
  const size = numberOf(memory["shared_memory_b"]);
  if (size === undefined)
    return warnCheck(id, title, { found: "no /dev/shm", why: detailOf(memory["shared_memory_b"]), todo: null });
  if (size >= GIB) return okCheck(id, title, gibibytes(size));
  return warnCheck(id, title, {
    found: `${Math.round(size / MIB)} MiB`,
    why: "engines with several processes exchange tensors there and fail when it is full",
    todo: "start the container with --shm-size 8g",
  });
}

function clockCheck(clock: HostFacts): DoctorCheck {
  const [id, title] = ["host.clock", "Clock"];
  const source = textOf(clock["source"]) ?? "unknown source";
  const synchronised = valueOf(clock["synchronised"]);
  if (synchronised === true) return okCheck(id, title, `synchronised, ${source}`);
  const why =
    synchronised === false
      ? "the wall clock is not kept in step: files of two machines do not line up"
      : detailOf(clock["synchronised"]);
  const todo = synchronised === false ? "start a time service such as chrony or systemd-timesyncd" : null;
  return warnCheck(id, title, { found: synchronised === false ? `not synchronised, ${source}` : source, why, todo });
}

function virtualCheck(container: HostFacts): DoctorCheck {
  const [id, title] = ["host.virtual", "Hardware"];
  const runtime = textOf(container["runtime"]) ?? "none";
  const inside = runtime === "none" ? "" : `, in a ${runtime} container`;
  if (valueOf(container["virtual_machine"]) !== true) return okCheck(id, title, `no virtual machine${inside}`);
  const hypervisor = textOf(container["hypervisor"]);
  return warnCheck(id, title, {
    found: `virtual machine${hypervisor === undefined ? "" : ` (${hypervisor})`}${inside}`,
    why: "its host may slow it down at any time, and hides sensors and frequencies",
    todo: null,
  });
}
