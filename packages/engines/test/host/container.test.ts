import { expect, test } from "vitest";
import { containerFacts } from "../../src/host/container.ts";
import { said } from "../fixtures/facts.ts";
import { BARE_METAL, recordedTree, type RecordedFiles } from "../fixtures/recorded-tree.ts";

const runtimeOf = async (more: RecordedFiles): Promise<unknown> =>
  said((await containerFacts(await recordedTree({ ...BARE_METAL, ...more })))["runtime"]);

test("a bare machine is in no container, and says what it is", async () => {
  const facts = await containerFacts(await recordedTree(BARE_METAL));
  expect(said(facts["runtime"])).toBe("none");
  expect(said(facts["virtual_machine"])).toBe(false);
  expect(said(facts["hypervisor"])).toBe("<not-applicable>");
  expect(said(facts["machine_product"])).toBe("PowerEdge XE9680");
  expect(said(facts["cgroup_version"])).toBe("v2");
  expect(said(facts["seccomp"])).toBe("filter");
});

const OWN_PID_NAMESPACE = { "/proc/self/ns/pid": { link: "pid:[4026532447]" } };

test.each<readonly [runtime: string, files: RecordedFiles]>([
  ["docker", { ...OWN_PID_NAMESPACE, "/.dockerenv": "" }],
  ["docker", { "/proc/self/cgroup": "0::/docker/0123456789ab" }],
  [
    "docker",
    { "/proc/self/mountinfo": "9 1 0:4 / / rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/x/diff" },
  ],
  ["podman", { ...OWN_PID_NAMESPACE, "/run/.containerenv": "" }],
  ["podman", { "/proc/self/cgroup": "0::/machine.slice/libpod-01.scope/container" }],
  ["kubernetes", { "/var/run/secrets/kubernetes.io/serviceaccount/namespace": "x" }],
  ["kubernetes", { "/proc/self/cgroup": "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope" }],
  ["lxc", { ...OWN_PID_NAMESPACE, "/run/systemd/container": "lxc\n" }],
  ["systemd-nspawn", { ...OWN_PID_NAMESPACE, "/run/systemd/container": "systemd-nspawn\n" }],
  ["apptainer", { "/.singularity.d/Singularity": "" }],
  ["gvisor", { "/proc/version": "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016" }],
])("%s is told by its traces", async (runtime, files) => {
  expect(await runtimeOf(files)).toBe(runtime);
});

test("a marker left over from an image, in the system's first namespaces, is no container; the evidence says so", async () => {
  const facts = await containerFacts(await recordedTree({ ...BARE_METAL, "/.dockerenv": "" }));
  expect(said(facts["runtime"])).toBe("none");
  expect(said(facts["evidence"])).toEqual(["/.dockerenv", expect.stringContaining("left over")]);
});

test("container ids do not reach the facts", async () => {
  const facts = await containerFacts(
    await recordedTree({ ...BARE_METAL, "/proc/self/cgroup": "0::/docker/0123456789ab" }),
  );
  expect(JSON.stringify(facts)).not.toContain("0123456789ab");
});

test.each<readonly [hypervisor: string, files: RecordedFiles]>([
  ["amazon-ec2", { "/sys/class/dmi/id/sys_vendor": "Amazon EC2", "/sys/class/dmi/id/product_name": "p5.48xlarge" }],
  ["google-compute-engine", { "/sys/class/dmi/id/product_name": "Google Compute Engine" }],
  ["vmware", { "/sys/class/dmi/id/sys_vendor": "VMware, Inc." }],
  ["hyper-v", { "/sys/class/dmi/id/product_name": "Virtual Machine" }],
  ["kvm", { "/sys/devices/system/clocksource/clocksource0/available_clocksource": "tsc kvm-clock" }],
])("%s names itself", async (hypervisor, files) => {
  const facts = await containerFacts(await recordedTree({ ...BARE_METAL, ...files }));
  expect(said(facts["virtual_machine"])).toBe(true);
  expect(said(facts["hypervisor"])).toBe(hypervisor);
});

test("a bare-metal instance of a cloud is no virtual machine", async () => {
  const files = { "/sys/class/dmi/id/sys_vendor": "Amazon EC2", "/sys/class/dmi/id/product_name": "p5.metal" };
  expect(said((await containerFacts(await recordedTree({ ...BARE_METAL, ...files })))["virtual_machine"])).toBe(false);
});

test("the processor's hypervisor flag is enough", async () => {
  const host = await recordedTree({ "/proc/cpuinfo": "flags\t\t: fpu hypervisor avx" });
  const facts = await containerFacts(host);
  expect(said(facts["virtual_machine"])).toBe(true);
  expect(said(facts["hypervisor"])).toBe("<not-supported>");
});
