import { randomUUID } from "node:crypto";
import { isLemError, LemError } from "@lem/domain";
import { runCommand, toolEnvironment, type CommandOutcome } from "@lem/engines/command";
import { startPiped } from "@lem/engines/piped-process";
import { PROBE_ENVIRONMENT, PROBE_FOLDER, PYTHON_FLAGS } from "./process-transport.ts";
import type { ProbeTransport } from "./transport.ts";

/** Where a probe runs in a container. */
export interface DockerTransportOptions {
  /** An image that has python3 and the engine; it is never pulled. */
  readonly image: string;
  /** The environment of this program, for docker's own settings. */
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** Variables that the engine needs, besides the usual ones of a machine without network and GPU. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders of this machine, by the path at which the container reads them. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** All that the container may use. */
  readonly memoryBytes?: number;
}

const INSIDE = "/opt/lem/probe";
const MEMORY = 8 * 2 ** 30;
const DEADLINE_MS = 30_000;
const HINT = "start docker, or mine with an installed engine (--python)";

/**
 * Runs the probe in a container without network, without privileges, on a read-only file system with an empty home in
 * memory. The container is removed when the probe ends, however it ends.
 */
export function dockerTransport(options: DockerTransportOptions): ProbeTransport {
  const docker = dockerIn(options.hostEnv);
  return {
    start: async () => {
      await refuseMissing(docker, options.image);
      const name = `lem-probe-${randomUUID()}`;
      return startPiped({
        what: "the probe",
        file: "docker",
        args: runArguments(name, options),
        env: docker.env,
        hint: HINT,
        cleanUp: async () => void (await docker.run("rm", "--force", name).catch(() => {})),
      });
    },
  };
}

interface Docker {
  readonly env: Readonly<Record<string, string>>;
  readonly run: (...args: readonly string[]) => Promise<CommandOutcome>;
}

/** The part of the environment that docker's client reads. */
function dockerIn(hostEnv: DockerTransportOptions["hostEnv"]): Docker {
  const own = Object.entries(hostEnv).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[0].startsWith("DOCKER_"),
  );
  const env = { ...toolEnvironment(hostEnv), ...Object.fromEntries(own) };
  const run = (...args: readonly string[]): Promise<CommandOutcome> =>
    runCommand({ file: "docker", args, env, signal: AbortSignal.timeout(DEADLINE_MS) });
  return { env, run };
}

async function refuseMissing(docker: Docker, image: string): Promise<void> {
  const server = await answered(() => docker.run("version", "--format", "{{.Server.Version}}"));
  if (server.exitCode !== 0) throw refused(`docker does not answer: ${lastLine(server)}`, HINT);
  const found = await answered(() => docker.run("image", "inspect", "--format", "{{.Id}}", image));
  if (found.exitCode !== 0)
    throw refused(`there is no image ${image}`, "build it from tools/miners/docker/Dockerfile, or pull it");
}

async function answered(ask: () => Promise<CommandOutcome>): Promise<CommandOutcome> {
  try {
    return await ask();
  } catch (error) {
    const silent = isLemError(error, "run.interrupted");
    throw refused(silent ? `docker said nothing for ${DEADLINE_MS / 1000} s` : "docker is not installed", HINT, error);
  }
}

const refused = (message: string, hint: string, cause?: unknown): LemError =>
  new LemError("worker.spawn", message, { hint, cause });

const lastLine = ({ stderrTail }: CommandOutcome): string => stderrTail.trimEnd().split("\n").at(-1) ?? "";

/** No network, no privileges, nothing that can be written but an empty home in memory. */
const CONFINED: readonly string[] = [
  "--rm",
  "--interactive",
  "--pull=never",
  "--network=none",
  "--read-only",
  "--tmpfs=/tmp:rw,nosuid,nodev,size=512m",
  "--workdir=/tmp",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  "--user=65534:65534",
  "--pids-limit=256",
  "--entrypoint=python3",
];

function runArguments(name: string, options: DockerTransportOptions): readonly string[] {
  const { image, env = {}, mounts = {}, memoryBytes = MEMORY } = options;
  const variables = Object.entries({ ...PROBE_ENVIRONMENT, HOME: "/tmp", TMPDIR: "/tmp", ...env });
  const folders = Object.entries({ ...mounts, [INSIDE]: PROBE_FOLDER });
  return [
    "run",
    ...CONFINED,
    `--name=${name}`,
    `--memory=${memoryBytes}`,
    ...folders.map(([inside, folder]) => `--mount=type=bind,src=${folder},dst=${inside},readonly`),
    ...variables.map(([variable, value]) => `--env=${variable}=${value}`),
    image,
    ...PYTHON_FLAGS,
    INSIDE,
  ];
}
