import { join } from "node:path";
import { LemError } from "@lem/domain";
import { runCommand } from "@lem/engines/command";
import { lastLine, refuseSilent, type DockerClient } from "../probe/docker-client.ts";

const DOCKERFILE = join(import.meta.dirname, "../../docker/Dockerfile");
const NO_SPACE = /no space left on device/i;

/** One run of `docker build` on the probe's Dockerfile. */
export interface DockerBuild {
  readonly docker: DockerClient;
  /** Holds the folders `wheels` and `additions`. */
  readonly folder: string;
  readonly base: string;
  readonly tag: string;
  /** Requirements that are installed from the wheels, then those without what they ask for. */
  readonly requirements: readonly string[];
  readonly bare: readonly string[];
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds the image without network.
 * @throws LemError `engine.install-failed`, `io.disk-full`, `worker.spawn` (docker went away), `run.interrupted`
 */
export async function dockerBuild(build: DockerBuild): Promise<void> {
  const { docker, folder, base, tag, requirements, bare, onLine, signal } = build;
  const values = { BASE: base, REQUIREMENTS: requirements.join(" "), BARE: bare.join(" ") };
  const given = Object.entries(values).map(([name, value]) => `--build-arg=${name}=${value}`);
  const outcome = await runCommand({
    file: "docker",
    args: ["build", "--network=none", `--file=${DOCKERFILE}`, `--tag=${tag}`, "--force-rm", ...given, folder],
    env: docker.env,
    ...(onLine === undefined ? {} : { onLine }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (outcome.exitCode === 0) return;
  await refuseSilent(docker);
  const full = NO_SPACE.test(outcome.stderrTail) || NO_SPACE.test(outcome.stdout);
  throw new LemError(full ? "io.disk-full" : "engine.install-failed", `docker build failed: ${lastLine(outcome)}`, {
    hint: full ? "free some space where docker keeps its images (docker system df)" : "its output says why",
    context: { stderr: outcome.stderrTail },
  });
}
