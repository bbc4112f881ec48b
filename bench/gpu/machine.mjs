/** What the benchmarks of a GPU share: the facts that stand at the head of a result, and lem's own sampler. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openNvml } from "../../packages/engines/src/host/nvml/bindings.ts";
import { cudaVariables, visibleGpus } from "../../packages/engines/src/host/sampling/visible-gpus.ts";
import { selectSampler } from "../../packages/harness/src/energy/select.ts";

export const root = join(import.meta.dirname, "../..");

export const monotonic = () => Number(process.hrtime.bigint());
export const rounded = (value, digits = 5) => (Number.isFinite(value) ? Number(value.toPrecision(digits)) : null);
export const percent = (share, digits = 4) => rounded(100 * share, digits);

/** A row of the table of what must hold; `met` is null where this machine cannot say. */
export const target = (what, value, limit, met) => ({ what, value, limit, met });
export const unmeasured = (what, limit, why) => ({ what, value: null, limit, met: null, unavailable: why });

const ENERGY = { sampler: "auto", trace: null, interval_ms: 500, gain_error: null };

/** lem's sampler of the GPUs that this process sees, or of those given by NVML's index; or why there is none. */
export const openSampler = (devices) =>
  selectSampler(ENERGY, {
    cuda: devices === undefined ? cudaVariables(process.env) : { devices, order: "PCI_BUS_ID" },
  });

/** Device, driver and versions; devices are empty, with the reason, where NVML is not to be had. */
export async function machineFacts() {
  const facts = {
    lem: JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8")).version,
    node: process.version,
    kernel: release(),
    cpu: cpus()[0]?.model ?? null,
    processors: cpus().length,
  };
  const opening = await openNvml();
  if (opening.status === "missing")
    return { ...facts, device: null, unavailable: opening.detail, driver: null, gpus: [] };
  const { nvml } = opening;
  const ask = (call, ...args) => {
    const answer = nvml.ask(call, ...args);
    return answer.ok ? answer.value : null;
  };
  const gpus = visibleGpus(nvml, undefined).gpus.map(({ index, name, uuid }) => ({
    index,
    name,
    uuid,
    power_limit_w: (ask("nvmlDeviceGetEnforcedPowerLimit", index) ?? Number.NaN) / 1000,
  }));
  const driver = ask("nvmlSystemGetDriverVersion");
  nvml.close();
  return { ...facts, device: gpus[0]?.name ?? null, driver, gpus };
}

/**
 * Writes a result, its device in its name (and which `part` of a benchmark it is), and prints its rows. Rows that cannot
 * be measured are told, not failed.
 */
export function writeResult(folder, benchmark, { part, ...report }) {
  const device = report.machine.device?.split(" ").at(1)?.toLowerCase() ?? "no-gpu";
  const date = new Date().toISOString().slice(0, 10);
  mkdirSync(folder, { recursive: true });
  const name = [date, benchmark, ...(part === undefined ? [] : [part]), device].join("-");
  const file = join(folder, `${name}.json`);
  const stored = { schema_version: 1, benchmark, ...(part === undefined ? {} : { part }), date, ...report };
  writeFileSync(file, `${JSON.stringify(stored, null, 2)}\n`);
  console.log(`${report.machine.device ?? "no GPU"}, driver ${report.machine.driver}: ${file}`);
  for (const { what, value, limit, met, unavailable } of report.targets) {
    if (met === null) console.log(`n/a  ${what}: unavailable, ${unavailable}`);
    else console.log(`${met ? "ok  " : "MISS"} ${what} ${value} (target ${limit})`);
  }
}

/** A program that says JSON objects, one a line; ends with its exit code, rejects when that is not 0. */
export function speaker(command, { env = process.env, extra = [], onLine }) {
  const child = spawn(command.file, command.args, { env, stdio: ["pipe", "pipe", "inherit", ...extra] });
  createInterface({ input: child.stdout }).on("line", (line) => onLine(JSON.parse(line)));
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      code === 0 ? resolve(0) : reject(new Error(`${command.args[0]} ended with ${signal ?? code}`)),
    );
  });
  ended.catch(() => {});
  const tell = (message) => child.stdin.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`);
  return { child, ended, tell };
}

/** At its start a sampling thread looks for the ticks of the energy counter, for 6 s: in a run, before its baseline. */
const SAMPLER_START_NS = 6.5e9;

/** What a sampling thread used of a core once it has started, and how long that was; both zero when it ended before. */
export function samplerWork({ t_ns, value }) {
  const from = t_ns.findIndex((time) => time >= t_ns[0] + SAMPLER_START_NS);
  if (from < 0) return { cpu_s: 0, seconds: 0 };
  return { cpu_s: value.at(-1) - value[from], seconds: (t_ns.at(-1) - t_ns[from]) / 1e9 };
}
