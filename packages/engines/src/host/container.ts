import { readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { fact, missingFact, type Fact } from "@lem/domain";
import { groupVersions } from "./control-group.ts";
import { readText, textFact, type HostFacts, type HostOptions, type HostText } from "./files.ts";

/** Files that a container runtime leaves in its containers. Images unpacked onto a machine carry them along too. */
const MARKERS: readonly (readonly [path: string, runtime: string])[] = [
  ["/.dockerenv", "docker"],
  ["/run/.containerenv", "podman"],
  ["/.singularity.d", "apptainer"],
  ["/dev/lxd", "lxc"],
];

/** Names in the process's control group or in the source of its root file system. */
const TRACES: readonly (readonly [pattern: RegExp, runtime: string])[] = [
  [/libpod|containers\/storage/, "podman"],
  [/\/docker[/-]|docker\/(overlay2|volumes)/, "docker"],
  [/kubepods|cri-containerd|crio-/, "kubernetes"],
  [/\/lxc[./]|lxc\.payload/, "lxc"],
  [/containerd/, "containerd"],
  [/systemd-nspawn|machine\.slice/, "systemd-nspawn"],
];

/** Inodes of the namespaces that a Linux system starts with (include/linux/proc_ns.h). */
const FIRST_NAMESPACES = { ipc: "4026531839", uts: "4026531838", pid: "4026531836" } as const;

/** A sign of a container runtime; `proof` is false for a mark that an unpacked image would carry too. */
interface Sign {
  readonly runtime: string;
  readonly evidence: string;
  readonly proof: boolean;
}

const SIGN_SOURCES = "marker files, /proc/self/cgroup, /proc/self/mountinfo and /proc/self/ns";
const LEFT_OVER = "but this process sits in the first pid, uts and ipc namespaces: left over from an image";

/** Facts of what lies between this process and the hardware: container, virtual machine, control groups. */
export async function containerFacts(host: HostOptions): Promise<HostFacts> {
  const [signs, own, membership, status, mounts, virtual] = await Promise.all([
    findSigns(host),
    ownNamespaces(host),
    readText(host, "/proc/self/cgroup"),
    readText(host, "/proc/self/status"),
    readText(host, "/proc/self/mountinfo"),
    virtualMachineFacts(host),
  ]);
  return {
    ...runtimeFacts(signs, own),
    own_namespaces:
      own === undefined ? missingFact("not-supported", "no /proc/self/ns") : fact([...own], "/proc/self/ns"),
    cgroup_version: textFact(membership, { value: groupVersions }),
    root_filesystem: textFact(mounts, { value: rootFilesystem }),
    seccomp: textFact(status, { value: seccompMode }),
    ...virtual,
  };
}

function runtimeFacts(signs: readonly Sign[], own: readonly string[] | undefined): HostFacts {
  const inside = own === undefined || own.length > 0 || signs.some((sign) => sign.proof);
  const runtime = inside ? (signs.find((sign) => sign.proof) ?? signs[0])?.runtime : undefined;
  const evidence = signs.map((sign) => sign.evidence);
  const told = runtime === undefined && evidence.length > 0 ? [...evidence, LEFT_OVER] : evidence;
  return {
    runtime: fact(runtime ?? "none", SIGN_SOURCES),
    evidence: fact(told, SIGN_SOURCES),
    kubernetes: fact(
      signs.some((sign) => sign.runtime === "kubernetes"),
      "/var/run/secrets/kubernetes.io, /proc/self/cgroup",
    ),
  };
}

async function findSigns(host: HostOptions): Promise<readonly Sign[]> {
  const [membership, mounts, manager, kernel, cluster, ...marked] = await Promise.all([
    readText(host, "/proc/self/cgroup"),
    readText(host, "/proc/self/mountinfo"),
    readText(host, "/run/systemd/container"),
    readText(host, "/proc/version"),
    exists(host, "/var/run/secrets/kubernetes.io/serviceaccount"),
    ...MARKERS.map(([path]) => exists(host, path)),
  ]);
  return [
    ...(manager.ok ? [{ runtime: manager.text, evidence: manager.path, proof: false }] : []),
    ...(cluster ? [{ runtime: "kubernetes", evidence: "/var/run/secrets/kubernetes.io", proof: true }] : []),
    ...gvisorSign(kernel),
    ...traceSigns(membership, (text) => text),
    ...traceSigns(mounts, rootMount),
    ...MARKERS.filter((_, index) => marked[index]).map(([path, runtime]) => ({
      runtime,
      evidence: path,
      proof: path.startsWith("/.singularity"),
    })),
  ];
}

function traceSigns(read: HostText, part: (text: string) => string | undefined): readonly Sign[] {
  const text = read.ok ? (part(read.text) ?? "") : "";
  return TRACES.filter(([pattern]) => pattern.test(text)).map(([, runtime]) => ({
    runtime,
    evidence: `${read.path} names ${runtime}`,
    proof: true,
  }));
}

/** gVisor's kernel is a program that always gives this build date. */
const gvisorSign = (kernel: HostText): readonly Sign[] =>
  kernel.ok && kernel.text.includes("#1 SMP Sun Jan 10 15:06:54 PST 2016")
    ? [{ runtime: "gvisor", evidence: "/proc/version", proof: true }]
    : [];

/** The line of mountinfo whose mount point is `/`. */
const rootMount = (text: string): string | undefined => text.split("\n").findLast((line) => line.split(" ")[4] === "/");

const rootFilesystem = (text: string): string | undefined => / - (\S+) /.exec(rootMount(text) ?? "")?.[1];

const seccompMode = (status: string): string | undefined => {
  const mode = /^Seccomp:\s*(\d)$/m.exec(status)?.[1];
  return mode === undefined ? undefined : ["off", "strict", "filter"][Number(mode)];
};

/** Kinds of namespace that are not the system's first; undefined when the kernel does not tell. */
async function ownNamespaces(host: HostOptions): Promise<readonly string[] | undefined> {
  const kinds = Object.entries(FIRST_NAMESPACES);
  const links = await Promise.all(
    kinds.map(([kind]) => readlink(join(host.root, "/proc/self/ns", kind)).catch(() => undefined)),
  );
  if (links.includes(undefined)) return undefined;
  return kinds.filter(([, inode], index) => !links[index]?.includes(inode)).map(([kind]) => kind);
}

const exists = (host: HostOptions, path: string): Promise<boolean> =>
  stat(join(host.root, path)).then(
    () => true,
    () => false,
  );

/** Vendor or product of the DMI table, or a clock source, that names a hypervisor. */
const HYPERVISORS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/firecracker/i, "firecracker"],
  [/amazon ec2/i, "amazon-ec2"],
  [/google compute engine/i, "google-compute-engine"],
  [/vmware/i, "vmware"],
  [/virtualbox|innotek/i, "virtualbox"],
  [/virtual machine|hyperv/i, "hyper-v"],
  [/xen/i, "xen"],
  [/parallels/i, "parallels"],
  [/qemu|kvm|openstack|bochs/i, "kvm"],
];

async function virtualMachineFacts(host: HostOptions): Promise<HostFacts> {
  const [cpuinfo, vendor, product, clocks] = await Promise.all([
    readText(host, "/proc/cpuinfo"),
    readText(host, "/sys/class/dmi/id/sys_vendor"),
    readText(host, "/sys/class/dmi/id/product_name"),
    readText(host, "/sys/devices/system/clocksource/clocksource0/available_clocksource"),
  ]);
  const absent = "the machine has no DMI table";
  return {
    ...virtualFacts(cpuinfo, [vendor, product, clocks]),
    machine_vendor: textFact(vendor, { absent }),
    machine_product: textFact(product, { absent }),
  };
}

function virtualFacts(cpuinfo: HostText, named: readonly HostText[]): HostFacts {
  const flagged = cpuinfo.ok && /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo.text);
  const bareMetal = named.some((read) => read.ok && read.text.endsWith(".metal"));
  const hit = named.flatMap((read) => hypervisorIn(read))[0];
  const virtual = flagged || (hit !== undefined && !bareMetal);
  const source = flagged ? "the hypervisor flag of /proc/cpuinfo" : (hit?.source ?? "/proc/cpuinfo and the DMI table");
  return {
    virtual_machine: cpuinfo.ok ? fact(virtual, source) : missingFact("read-failed", "no /proc/cpuinfo"),
    hypervisor: virtual ? hypervisorFact(hit) : missingFact("not-applicable", "not a virtual machine"),
  };
}

const hypervisorIn = (read: HostText): readonly { name: string; source: string }[] =>
  HYPERVISORS.filter(([pattern]) => read.ok && pattern.test(read.text)).map(([, name]) => ({
    name,
    source: read.path,
  }));

const hypervisorFact = (hit: { name: string; source: string } | undefined): Fact =>
  hit === undefined ? missingFact("not-supported", "the hypervisor does not name itself") : fact(hit.name, hit.source);
