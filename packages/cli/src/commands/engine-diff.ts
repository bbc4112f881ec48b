import type { Problem } from "@lem/config";
import {
  describeRule,
  diffParameters,
  diffRules,
  loadCorpus,
  type PlacedRule,
  type RulePair,
  type RuleSet,
} from "@lem/config/corpus";
import { loadClassSchemas } from "@lem/config/parameters";
import { LemError, parseEngineId, type EngineId } from "@lem/domain";
import type { CliContext } from "../context.ts";
import type { DiffPair, DiffRule, EngineDiff, FileDiff } from "../engine-diff.ts";
import type { EngineDiffFlags } from "../routes/flags.ts";
import type { CliIo } from "../io.ts";
import { diffText } from "../render/engine-diff.ts";

/** `lem engines diff`: what changes between two versions of an engine; exit 2 when the newer one refuses the file. */
export async function diff(
  this: CliContext,
  flags: EngineDiffFlags,
  ...[name, from, to, file]: [string, string, string, string?]
): Promise<void> {
  const { io } = this;
  const engine = parseEngineId(name);
  const versions = { engine, from, to };
  const rules = await comparedRules(io, versions);
  const config = file === undefined ? undefined : await comparedFile(io, { ...versions, file, flags });
  const found: EngineDiff = {
    schema_version: 1,
    ...versions,
    ...rules,
    parameters: diffParameters(classesOf(io, engine, from), classesOf(io, engine, to)),
    ...(config === undefined ? {} : { config }),
  };
  io.stdout.write(flags.json ? `${JSON.stringify(found)}\n` : `${diffText(found)}\n`);
  if ((config?.refused.length ?? 0) > 0) this.finish(2);
}

interface Versions {
  readonly engine: EngineId;
  readonly from: string;
  readonly to: string;
}

async function comparedRules(
  io: CliIo,
  { engine, from, to }: Versions,
): Promise<Pick<EngineDiff, "rules" | "probed_in">> {
  const [before, after] = [await rulesOf(io, engine, from), await rulesOf(io, engine, to)];
  const { same, added, removed, changed, moved } = diffRules(before.corpus, after.corpus);
  const pair = (each: RulePair): DiffPair => ({
    before: described(before, each.before),
    after: described(after, each.after),
  });
  const hosts = [before, after].flatMap(({ corpus }) =>
    corpus.probed_in === undefined ? [] : [[corpus.engine_version, corpus.probed_in] as const],
  );
  return {
    probed_in: Object.fromEntries(hosts),
    rules: {
      same,
      added: added.map((each) => described(after, each)),
      removed: removed.map((each) => described(before, each)),
      changed: changed.map(pair),
      moved: moved.map(pair),
    },
  };
}

function described(rules: RuleSet, { entry, rule }: PlacedRule): DiffRule {
  const { id, severity, fields, source, profiles } = rule;
  const words = describeRule(rules, id)?.words ?? "";
  return { id, entry, severity, fields, words, source, ...(profiles === undefined ? {} : { profiles }) };
}

async function rulesOf({ env }: CliIo, engine: EngineId, version: string): Promise<RuleSet> {
  const found = await loadCorpus(engine, { version, root: env["LEM_CORPORA"] });
  if (found.status === "exact") return found.rules;
  throw unknownVersion(engine, version, found.status === "missing" ? undefined : found.version);
}

function classesOf({ env }: CliIo, engine: EngineId, version: string): Parameters<typeof diffParameters>[0] {
  const found = loadClassSchemas(engine, { version, root: env["LEM_CORPORA"] });
  if (found.status === "exact") return found.classes;
  throw unknownVersion(engine, version, found.status === "missing" ? undefined : found.version);
}

const unknownVersion = (engine: EngineId, version: string, near: string | undefined): LemError =>
  new LemError("config.corpus-missing", `there are no rules for ${engine} ${version}`, {
    hint: near === undefined ? "lem doctor corpus lists what there is" : `the nearest version that has some is ${near}`,
  });

async function comparedFile(
  io: CliIo,
  { engine, from, to, file, flags }: Versions & { readonly file: string; readonly flags: EngineDiffFlags },
): Promise<FileDiff> {
  const { planFromFlags } = await import("../experiment-input.ts");
  const { profile } = flags;
  const problemsIn = async (engineVersion: string): Promise<readonly Problem[]> => {
    const chosen = { file, engineVersion, ...(profile === undefined ? {} : { profile }) };
    const { problems, refusals, corpora } = await planFromFlags(io, { json: flags.json }, chosen);
    const errors = problems.filter(({ severity }) => severity === "error");
    if (corpora[engine] === undefined && errors.length === 0)
      throw new LemError("cli.usage", `${file} uses no ${engine}`, { hint: "name the engine of the file" });
    return [...errors, ...refusals];
  };
  const [before, after] = [await problemsIn(from), await problemsIn(to)];
  return { file, refused: onlyIn(after, before), no_longer_refused: onlyIn(before, after) };
}

/** Problems at places with which the other version has none. */
function onlyIn(these: readonly Problem[], others: readonly Problem[]): readonly Problem[] {
  const known = new Set(others.map(placeOf));
  return these.filter((problem) => !known.has(placeOf(problem)));
}

const placeOf = ({ path, line, file, code }: Problem): string => JSON.stringify([file, line, path, code]);
