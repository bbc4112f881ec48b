import { loadParameterSchema, type CorpusOptions } from "@lem/config";
import { loadCorpus } from "@lem/config/corpus";
import { loadClassSchemas, type EngineKnowledge } from "@lem/config/parameters";
import { LemError, type EngineId } from "@lem/domain";
import type { CliIo } from "./io.ts";
import { machineProfile } from "./machine-profile.ts";

/** What is known of an engine, and of which version. */
export interface KnownEngine extends EngineKnowledge {
  readonly engine: EngineId;
  readonly version: string;
}

/**
 * All that the corpora hold of an engine version; of another one where there is nothing of that, which is said aloud.
 * @throws LemError `config.corpus-missing` where there is nothing of the engine
 */
export async function knownEngine(
  { env, stderr }: CliIo,
  engine: EngineId,
  asked: string | undefined,
): Promise<KnownEngine> {
  const root = env["LEM_CORPORA"];
  const found = loadParameterSchema(engine, { version: asked, root });
  const classesOnly = found.status === "missing" ? loadClassSchemas(engine, { version: asked, root }) : found;
  if (classesOnly.status === "missing")
    throw new LemError("config.corpus-missing", `nothing is known of the parameters of ${engine}`, {
      hint: "lem doctor corpus lists what there is",
    });
  const { version, status } = classesOnly;
  if (status === "other-version")
    stderr.write(`warning: there is no schema of ${engine} ${asked}: that of ${version} is used\n`);
  const options: CorpusOptions = { version, root };
  const [rules, classes] = [await loadCorpus(engine, options), loadClassSchemas(engine, options)];
  return {
    engine,
    version,
    schema: found.status === "missing" ? undefined : found.schema,
    rules: rules.status === "exact" ? rules.rules : undefined,
    classes: classes.status === "exact" ? classes.classes : undefined,
    profile: await machineProfile(),
  };
}
