import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isLemError, LemError, type EngineId } from "@lem/domain";
import { downloadBuild, type DownloadedBuild } from "@lem/engines/install";
import { lemPaths } from "@lem/engines/paths";
import { dockerClient, lastLine, refuseMissing, type DockerClient } from "../probe/docker-client.ts";
import { dockerBuild } from "./docker-build.ts";

/** An image to build: an engine on a base. */
export interface ImageRequest {
  readonly engine: EngineId;
  readonly version: string;
  /** An image of this machine's architecture that has python3; it is never pulled. */
  readonly base: string;
  readonly tag: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told what pip and docker say. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const PYTHON_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])";

/**
 * Builds an image that has an engine for processors in the versions of engine_versions. The packages are fetched here,
 * so that the machine's own pip settings hold; the build itself has no network.
 * @throws LemError `engine.*`, `worker.spawn`, `io.*`, `run.interrupted`
 */
export async function buildImage(request: ImageRequest): Promise<void> {
  const { engine, version, base, tag, env, onLine, signal } = request;
  const docker = dockerClient(env);
  await refuseMissing(docker, base);
  const targetPython = await pythonOf(docker, base);
  const folder = await mkdtemp(join(tmpdir(), "lem-image-"));
  const log = join(dirname(lemPaths(env).engines), "images", `${engine}-${version}.log`);
  const interrupt = signal === undefined ? {} : { signal };
  try {
    const options = { version, variant: "cpu", folder, targetPython, env, log, onLine, ...interrupt } as const;
    const build = await downloadBuild(engine, options).catch(toldFull);
    await dockerBuild({ docker, folder, base, tag, ...requirementsOf(build), onLine, ...interrupt });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The base's Python, as `3.11`. */
async function pythonOf(docker: DockerClient, base: string): Promise<string> {
  const asked = ["--rm", "--network=none", "--pull=never", "--entrypoint=python3", base, "-c", PYTHON_VERSION];
  const outcome = await docker.ask("run", ...asked);
  const version = outcome.stdout.trim();
  if (outcome.exitCode === 0 && /^3\.\d+$/.test(version)) return version;
  throw new LemError("engine.python-missing", `the image ${base} runs no python3: ${lastLine(outcome)}`, {
    hint: "take an image that has Python 3.11 or newer",
  });
}

function requirementsOf({ steps }: DownloadedBuild): { requirements: readonly string[]; bare: readonly string[] } {
  const named = (bare: boolean): readonly string[] =>
    steps.filter(({ options }) => options.includes("--no-deps") === bare).flatMap(({ names }) => names);
  return { requirements: named(false), bare: named(true) };
}

/** pip tells of a full disk in words only. */
function toldFull(error: unknown): never {
  if (isLemError(error, "engine.install-failed") && /no space left on device/i.test(error.message))
    throw new LemError("io.disk-full", error.message, { hint: "free some space, or set TMPDIR", cause: error });
  throw error;
}
