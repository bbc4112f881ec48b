import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lemPaths } from "@lem/engines/paths";
import { dockerBuild } from "../../src/image/docker-build.ts";
import { dockerClient } from "../../src/probe/docker-client.ts";

const RELEASE = "bookworm";

/** A docker daemon of this test's own, with an image that has Python and nothing else. */
export interface Daemon {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly image: string;
  /** The image that it was built on. */
  readonly base: string;
  /** Where it keeps all that it has. */
  readonly folder: string;
  /** Runs docker's client against it; gives what it prints. */
  docker(...args: readonly string[]): string;
  /** Ends it at once. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

function must(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")}: ${error?.message ?? stderr.slice(-500)}`);
  return stdout;
}

/** A small system with Python as a tar file; made once and kept in lem's cache. */
function baseTar(): string {
  const path = join(dirname(lemPaths(process.env).engines), "test-bases", `${RELEASE}-python3.tar`);
  if (existsSync(path)) return path;
  const folder = mkdtempSync(join(tmpdir(), "lem-base-"));
  mkdirSync(dirname(path), { recursive: true });
  must("debootstrap", ["--variant=minbase", "--include=python3", RELEASE, folder]);
  must("tar", ["-C", folder, "-cf", `${path}.partial`, "."]);
  renameSync(`${path}.partial`, path);
  rmSync(folder, { recursive: true });
  return path;
}

/** What a daemon that was killed leaves running: it names its folder in its arguments. */
function processesOf(folder: string): readonly number[] {
  const names = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(folder);
    } catch {
      return false;
    }
  };
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && names(pid))
    .map(Number);
}

const mountsIn = (folder: string): readonly string[] =>
  readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((place) => place.startsWith(folder))
    .toReversed();

/** An image of the probe on the base, with no engine. */
async function buildProbe(env: Daemon["env"], base: string, tag: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "lem-context-"));
  for (const name of ["wheels", "additions"]) mkdirSync(join(folder, name));
  await dockerBuild({ docker: dockerClient(env), folder, base, tag, requirements: [], bare: [] });
  rmSync(folder, { recursive: true });
}

/**
 * Starts a daemon without any network, and builds the probe's image on a base of debootstrap. With `megabytes` it has
 * a disk of that size, in memory.
 */
export async function startDaemon({ megabytes = 0 }: { readonly megabytes?: number } = {}): Promise<Daemon> {
  const tar = baseTar();
  const folder = mkdtempSync(join(tmpdir(), "lem-docker-"));
  if (megabytes > 0) must("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  const host = `unix://${join(folder, "socket")}`;
  const env = { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: "0" };
  const at = ["data-root", "exec-root", "pidfile"].map((name) => `--${name}=${join(folder, name)}`);
  const args = [`--host=${host}`, "--bridge=none", "--iptables=false", "--ip6tables=false", ...at];
  const child = spawn("dockerd", args, { stdio: "ignore", detached: true });
  const docker = (...asked: readonly string[]): string => must("docker", asked, env);
  const up = (): boolean => spawnSync("docker", ["version"], { env }).status === 0;
  for (let tries = 0; tries < 100 && !up(); tries += 1) await sleep(200);
  const [base, image] = ["lem-test-base:1", "lem-test-probe:1"];
  docker("import", tar, base);
  await buildProbe(env, base, image);
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(name);
    await ended;
  };
  const kill = (): Promise<void> => signal("SIGKILL");
  const remove = async (): Promise<void> => {
    await signal("SIGTERM");
    for (const pid of processesOf(folder)) process.kill(pid, "SIGKILL");
    for (const place of mountsIn(folder)) spawnSync("umount", ["--lazy", place]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  return { env, image, base, folder, docker, kill, remove };
}
