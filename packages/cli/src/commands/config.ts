import { resolve } from "node:path";
import { exampleExperimentYaml, type NativeExample } from "@lem/config";
import { LemError, parseEngineId } from "@lem/domain";
import { writeNewFile } from "@lem/study/results";
import type { CliContext } from "../context.ts";
import type { ConfigInitFlags, ExperimentFlags } from "../routes/flags.ts";
import { loadFromFlags, reportProblems } from "../experiment-input.ts";
import { fieldRows } from "../field-rows.ts";

/** `lem config show`: the resolved configuration, one field a line with its origin as a comment. */
export async function show(this: CliContext, flags: ExperimentFlags, file?: string): Promise<void> {
  const { resolution, problems } = await loadFromFlags(this.io, flags, file);
  const refused = flags.json
    ? problems.some((problem) => problem.severity === "error")
    : reportProblems(this.io, problems);
  if (refused || resolution === undefined) return this.finish(2);
  if (flags.json) {
    const { experiment, provenance, id } = resolution;
    this.io.stdout.write(`${JSON.stringify({ experiment_id: id, config: experiment, provenance, problems })}\n`);
    return;
  }
  for (const [path, value, origin] of fieldRows(resolution)) this.io.stdout.write(`${path}: ${value}  # ${origin}\n`);
}

/** `lem config init`: an annotated experiment to start from; an existing file is never overwritten. */
export async function init(this: CliContext, flags: ConfigInitFlags, file?: string): Promise<void> {
  const text = exampleExperimentYaml(flags.engine === undefined ? undefined : await nativeExample(this.io, flags));
  if (file === undefined) return this.io.stdout.write(text);
  const path = resolve(this.io.cwd, file);
  if (!(await writeNewFile(path, text))) {
    throw new LemError("io.exists", `${file} exists`, { hint: "choose another name; nothing was overwritten" });
  }
  this.io.stdout.write(`${file} written; next: lem check ${file}\n`);
}

/** The sections of an engine with its parameters. */
async function nativeExample(
  io: CliContext["io"],
  { engine: name = "", engineVersion, all }: ConfigInitFlags,
): Promise<NativeExample> {
  const engine = parseEngineId(name);
  const { engineYamlLines, listParameters } = await import("@lem/config/parameters");
  const { knownEngine } = await import("../engine-knowledge.ts");
  const known = await knownEngine(io, engine, engineVersion);
  const sections = Object.keys(known.schema?.sections ?? {});
  const heading = `  # parameters of ${engine} ${known.version}: remove the # before one to set it`;
  return { engine, lines: [heading, ...engineYamlLines(sections, listParameters(known), { all })] };
}
