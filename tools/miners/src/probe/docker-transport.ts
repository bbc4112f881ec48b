import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { startPiped } from "@lem/engines/piped-process";
import { DOCKER_HINT, dockerClient, refuseMissing } from "./docker-client.ts";
import { PROBE_ENVIRONMENT, PROBE_FOLDER, PYTHON_FLAGS } from "./process-transport.ts";
import { writeSetup, type ProbeSetup } from "./setup.ts";
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
  /** What the container's machine lacks. */
  readonly setup?: ProbeSetup | undefined;
  /** All that the container may use. */
  readonly memoryBytes?: number;
}

const INSIDE = "/opt/lem/probe";
const INSIDE_SETUP = "/opt/lem/setup";
const MEMORY = 8 * 2 ** 30;

/**
 * Runs the probe in a container without network, without privileges, on a read-only file system with an empty home in
 * memory. The container is removed when the probe ends, however it ends.
 */
export function dockerTransport(options: DockerTransportOptions): ProbeTransport {
  const docker = dockerClient(options.hostEnv);
  return {
    start: async () => {
      await refuseMissing(docker, options.image);
      const name = `lem-probe-${randomUUID()}`;
      const folder = await mkdtemp(join(tmpdir(), "lem-probe-"));
      const setup = await writeSetup(folder, options.setup);
      return startPiped({
        what: "the probe",
        file: "docker",
        args: runArguments(name, options, setup),
        env: docker.env,
        hint: DOCKER_HINT,
        cleanUp: async () => {
          await docker.ask("rm", "--force", name).catch(() => {});
          await rm(folder, { recursive: true, force: true });
        },
      });
    },
  };
}

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

function runArguments(name: string, options: DockerTransportOptions, setup: readonly string[]): readonly string[] {
  const { image, env = {}, mounts = {}, memoryBytes = MEMORY } = options;
  const variables = Object.entries({ ...PROBE_ENVIRONMENT, HOME: "/tmp", TMPDIR: "/tmp", ...env });
  const told = setup.map((file) => [INSIDE_SETUP, dirname(file)] as const);
  const folders = Object.entries({ ...mounts, [INSIDE]: PROBE_FOLDER, ...Object.fromEntries(told) });
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
    ...setup.map((file) => `${INSIDE_SETUP}/${basename(file)}`),
  ];
}
