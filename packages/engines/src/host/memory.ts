import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { fact, missingFact, type Fact } from "@lem/domain";
import { tightestLimit, type GroupLimit } from "./control-group.ts";
import { errnoOf, readText, reasonOf, textFact, wholeNumber, type HostFacts, type HostOptions } from "./files.ts";

/** The kernel's largest number of pages in bytes: what version 1 control groups hold for "no limit" is close to it. */
const NO_LIMIT_FROM = 2 ** 62;

/** Facts of the memory: sizes in bytes, the control group's limit, huge pages and shared memory. */
export async function memoryFacts(host: HostOptions): Promise<HostFacts> {
  const [info, limit, transparent, swappiness, pressure, shared] = await Promise.all([
    readText(host, "/proc/meminfo"),
    memoryLimit(host),
    readText(host, "/sys/kernel/mm/transparent_hugepage/enabled"),
    readText(host, "/proc/sys/vm/swappiness"),
    readText(host, "/proc/pressure/memory"),
    sharedMemoryFact(host),
  ]);
  const size = (name: string): Fact => textFact(info, { value: (text) => meminfo(text, name, 1024), unit: "B" });
  return {
    total_b: size("MemTotal"),
    available_b: size("MemAvailable"),
    swap_total_b: size("SwapTotal"),
    swap_free_b: size("SwapFree"),
    cgroup_limit_b: limitFact(limit),
    huge_page_size_b: size("Hugepagesize"),
    huge_pages_total: textFact(info, { value: (text) => meminfo(text, "HugePages_Total", 1) }),
    transparent_huge_pages: textFact(transparent, { value: (text) => /\[(\w+)\]/.exec(text)?.[1] }),
    shared_memory_b: shared,
    swappiness: textFact(swappiness, { value: wholeNumber }),
    pressure_10s_percent: textFact(pressure, {
      value: (text) => pressurePercent(text),
      unit: "%",
      absent: "the kernel does not report pressure",
    }),
  };
}

/** Share of the last 10 s in which some task waited, from a /proc/pressure file. */
export function pressurePercent(text: string): number | undefined {
  const share = /^some avg10=([\d.]+)/m.exec(text)?.[1];
  return share === undefined ? undefined : Number(share);
}

function meminfo(text: string, name: string, factor: number): number | undefined {
  const count = new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1];
  return count === undefined ? undefined : Number(count) * factor;
}

const memoryLimit = (host: HostOptions): Promise<GroupLimit | undefined> =>
  tightestLimit(host, "memory", async (folder, version) => {
    const read = await readText(host, `${folder}/${version === 2 ? "memory.max" : "memory.limit_in_bytes"}`);
    if (!read.ok) return undefined;
    const limit = read.text === "max" || Number(read.text) >= NO_LIMIT_FROM ? Infinity : Number(read.text);
    return { limit, source: read.path };
  });

function limitFact(limit: GroupLimit | undefined): Fact {
  if (limit === undefined) return missingFact("not-supported", "no control group limits memory here");
  return limit.limit === Infinity ? fact("unlimited", limit.source) : fact(limit.limit, limit.source, "B");
}

/** Size of /dev/shm: engines with several processes pass tensors through it. */
async function sharedMemoryFact(host: HostOptions): Promise<Fact> {
  try {
    const { blocks, bsize } = await statfs(join(host.root, "/dev/shm"));
    return fact(blocks * bsize, "statfs /dev/shm", "B");
  } catch (error) {
    return missingFact(reasonOf(errnoOf(error)), `/dev/shm could not be examined (${errnoOf(error)})`);
  }
}
