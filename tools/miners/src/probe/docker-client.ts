import { isLemError, LemError } from "@lem/domain";
import { runCommand, toolEnvironment, type CommandOutcome } from "@lem/engines/command";

/** Docker's client, with this machine's own settings of it. */
export interface DockerClient {
  readonly env: Readonly<Record<string, string>>;
  /** Asks something that is answered soon. @throws LemError `worker.spawn` when it is not */
  ask(...args: readonly string[]): Promise<CommandOutcome>;
}

/** What to do where docker cannot be used. */
export const DOCKER_HINT = "start docker, or mine with an installed engine (--python)";

const DEADLINE_MS = 30_000;

/** The client that `PATH` names; of the environment it sees what tools see, and docker's own part. */
export function dockerClient(hostEnv: Readonly<Record<string, string | undefined>>): DockerClient {
  const own = Object.entries(hostEnv).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[0].startsWith("DOCKER_"),
  );
  const env = { ...toolEnvironment(hostEnv), ...Object.fromEntries(own) };
  const ask = async (...args: readonly string[]): Promise<CommandOutcome> => {
    try {
      return await runCommand({ file: "docker", args, env, signal: AbortSignal.timeout(DEADLINE_MS) });
    } catch (error) {
      const silent = isLemError(error, "run.interrupted");
      throw refused(silent ? `docker said nothing for ${DEADLINE_MS / 1000} s` : "docker is not installed", error);
    }
  };
  return { env, ask };
}

/** @throws LemError `worker.spawn` when there is no daemon */
export async function refuseSilent(docker: DockerClient): Promise<void> {
  const server = await docker.ask("version", "--format", "{{.Server.Version}}");
  if (server.exitCode !== 0) throw refused(`docker does not answer: ${lastLine(server)}`);
}

/** @throws LemError `worker.spawn` when there is no daemon, or no such image; none is ever pulled */
export async function refuseMissing(docker: DockerClient, image: string): Promise<void> {
  await refuseSilent(docker);
  const found = await docker.ask("image", "inspect", "--format", "{{.Id}}", image);
  if (found.exitCode === 0) return;
  throw new LemError("worker.spawn", `there is no image ${image}`, { hint: "build it, or pull it" });
}

/** The last thing that a command said. */
export const lastLine = ({ stderrTail }: Pick<CommandOutcome, "stderrTail">): string =>
  stderrTail.trimEnd().split("\n").at(-1) ?? "";

const refused = (message: string, cause?: unknown): LemError =>
  new LemError("worker.spawn", message, { hint: DOCKER_HINT, cause });
