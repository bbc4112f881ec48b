import { LemError } from "@lem/domain";
import type { Env } from "../paths.ts";
import { runCommand, toolEnvironment } from "../runners/command.ts";
import type { EngineBuild } from "../versions.ts";
import { venvPython } from "./marker.ts";

/** How long a package index may take to answer before it is left out. */
const INDEX_DEADLINE_MS = 3000;

const REPORT = `
import importlib, json, sys
from importlib.metadata import version
answer, sys.stdout = sys.stdout, sys.stderr
for module in sys.argv[1].split(","):
    importlib.import_module(module)
print(json.dumps({name: version(name) for name in sys.argv[2:]}), file=answer)
`;

/** A virtual environment to look into. */
export interface Environment {
  readonly folder: string;
  readonly env: Env;
  readonly build: Pick<EngineBuild, "package" | "imports">;
  readonly log: string;
  readonly signal?: AbortSignal;
}

/**
 * Imports the engine's modules in the new environment and asks for the versions of `names`.
 * @throws LemError `engine.install-failed` when it cannot be imported, `run.interrupted`
 */
export async function packageVersions(
  environment: Environment,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const { folder, env, build, log, signal } = environment;
  const imports = build.imports ?? [build.package.replaceAll("-", "_")];
  const outcome = await runCommand({
    file: venvPython(folder),
    args: ["-I", "-c", REPORT, imports.join(","), ...names],
    env: toolEnvironment(env),
    ...(signal === undefined ? {} : { signal }),
  });
  if (outcome.exitCode === 0) return JSON.parse(outcome.stdout) as Record<string, string>;
  const said = outcome.stderrTail.trimEnd().split("\n").at(-1) ?? "";
  throw new LemError("engine.install-failed", `${build.package} was installed but cannot be imported: ${said}`, {
    hint: `the output of the installation is in ${log}`,
    context: { stderr: outcome.stderrTail },
  });
}

/** The options of pip for a build's further index, where that answers. */
export async function indexOptions(
  { extra_index: index }: Pick<EngineBuild, "extra_index">,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  return index !== undefined && (await indexAnswers(index, signal)) ? ["--extra-index-url", index] : [];
}

/** True when a package index answers within 3 s; false too where there is no network. */
async function indexAnswers(url: string, signal?: AbortSignal): Promise<boolean> {
  const deadline = AbortSignal.timeout(INDEX_DEADLINE_MS);
  try {
    const answer = await fetch(`${url.replace(/\/$/, "")}/`, {
      method: "HEAD",
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
