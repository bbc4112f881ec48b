import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pointsOf } from "../../src/energy/recording.ts";
import { readTrace } from "./recorded-trace.ts";

const ENERGY = join(import.meta.dirname, "../energy");
const compiler = ["cc", "gcc", "clang"].find((name) => spawnSync(name, ["--version"]).status === 0);

/** True where no library can be built, or loaded, in the place of NVML. */
export const cannotSimulate: boolean = compiler === undefined || process.platform !== "linux";

/** A machine whose NVML is a library of our own, for programs in processes of their own. */
export class SimulatedMachine {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async build(): Promise<SimulatedMachine> {
    const folder = await mkdtemp(join(tmpdir(), "lem-live-"));
    const build = (source: string, library: string): void => {
      const flags = ["-shared", "-fPIC", "-w", "-o", join(folder, library), join(ENERGY, source), "-lm"];
      if (compiler !== undefined) spawnSync(compiler, flags);
    };
    build("simulated-nvml.c", "libnvidia-ml.so.1");
    build("stepped-clock.c", "libstepped-clock.so");
    return new SimulatedMachine(folder);
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  /** The power of a recorded GPU between two seconds of its trace, for SIM_TRACE. */
  async writeTrace(fixture: string, [from_s, to_s]: readonly [number, number]): Promise<string> {
    const { recording, phases } = readTrace(join(ENERGY, "fixtures", fixture));
    const begin = (phases.find((phase) => phase.do === "constant")?.from_ns ?? 0) + from_s * 1e9;
    const { t_ns, value } = pointsOf(recording, "power");
    const first = t_ns.findIndex((t) => t >= begin);
    const lines: string[] = [];
    for (let index = first; (t_ns[index] ?? Infinity) <= begin + (to_s - from_s) * 1e9; index++) {
      const us = Math.round(((t_ns[index] ?? 0) - (t_ns[first] ?? 0)) / 1e3);
      lines.push(`${us} ${Math.round(1e3 * (value[index] ?? 0))}`);
    }
    await writeFile(this.path(fixture), lines.join("\n"));
    return this.path(fixture);
  }

  /** Runs a program of test/energy with this machine's library; gives the JSON that it prints. */
  async run<T>(program: string, order: object, env: Readonly<Record<string, string>> = {}): Promise<T> {
    const child = spawn(process.execPath, [join(ENERGY, program), JSON.stringify(order)], {
      env: { ...env, LD_LIBRARY_PATH: this.#folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = text(child.stdout);
    await once(child, "exit");
    return JSON.parse(await said) as T;
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true });
  }
}
