import { resolve } from "node:path";
import { loadParameterSchema } from "@lem/config";
import { classParameters, listParameters, type Parameter } from "@lem/config/parameters";
import { nearest } from "@lem/config/suggest";
import { ENGINE_IDS, LemError, parseEngineId, type EngineId } from "@lem/domain";
import { recheckQuality } from "@lem/harness/quality";
import { effectText, parameterEffects, tableLines, type ParameterEffect } from "@lem/report";
import type { CliContext } from "../context.ts";
import { knownEngine, type KnownEngine } from "../engine-knowledge.ts";
import type { ParamsFlags } from "../routes/flags.ts";
import type { CliIo } from "../io.ts";
import { parameterLines, parameterTables, type ShownParameter } from "../render/parameters.ts";
import { resultsUnder } from "../results-under.ts";

/** `lem engines params`: what an engine takes, with types, defaults, bounds, rules, and what measured results say of it. */
export async function params(this: CliContext, flags: ParamsFlags, name?: string, wanted?: string): Promise<void> {
  if (name === undefined) return flags.results === undefined ? overview(this.io, flags) : effects(this.io, flags);
  const known = await knownEngine(this.io, parseEngineId(name), flags.engineVersion);
  const measured = await effectsOf(this.io, flags);
  const found = select(known, wanted).map((parameter): ShownParameter => {
    return { parameter, effect: measured.get(pathOf(known.engine, parameter)) };
  });
  if (flags.json) return this.io.stdout.write(`${JSON.stringify(asJson(known, found))}\n`);
  const isDetail = wanted !== undefined && !isClass(known, wanted) && !isSection(known, wanted);
  const lines = isDetail
    ? found.flatMap((each, at) => [
        ...(at === 0 ? [] : [""]),
        ...parameterLines(each, pathOf(known.engine, each.parameter)),
      ])
    : parameterTables(found);
  this.io.stdout.write(`${[`${known.engine} ${known.version}`, ...lines].join("\n")}\n`);
}

const pathOf = (engine: EngineId, { section, name, classes }: Parameter): string =>
  section === undefined ? `${classes[0] ?? ""}.${name}` : `${engine}.${section}.${name}`;

const isClass = ({ classes }: KnownEngine, wanted: string): boolean => classOf(classes, wanted) !== undefined;

/** A class by its public name, or by its last part where that is the only one. */
function classOf(classes: KnownEngine["classes"], wanted: string): string | undefined {
  const names = Object.keys(classes?.classes ?? {});
  const alike = names.filter((name) => name === wanted || name.endsWith(`.${wanted}`));
  return alike.length === 1 ? alike[0] : undefined;
}

const isSection = ({ engine, schema }: KnownEngine, wanted: string): boolean =>
  Object.hasOwn(schema?.sections ?? {}, wanted.replace(`${engine}.`, ""));

/** All parameters, those of a class or section, or those of one name. @throws LemError `config.unknown-key` */
function select(known: KnownEngine, wanted: string | undefined): readonly Parameter[] {
  const all = listParameters(known);
  if (wanted === undefined) return all;
  const cls = classOf(known.classes, wanted);
  if (cls !== undefined) return classParameters(known, cls) ?? [];
  const short = wanted.replace(`${known.engine}.`, "");
  const found = all.filter(({ section, name }) => [section, name, `${section}.${name}`].includes(short));
  if (found.length > 0) return found;
  const candidates = [...all.map(({ name }) => name), ...Object.keys(known.classes?.classes ?? {})];
  const near = nearest(short.split(".").at(-1) ?? "", candidates);
  throw new LemError("config.unknown-key", `${known.engine} ${known.version} has no parameter or class ${wanted}`, {
    hint: near === undefined ? `lem engines params ${known.engine} lists all` : `did you mean ${near}?`,
  });
}

async function effectsOf(io: CliIo, { results }: ParamsFlags): Promise<ReadonlyMap<string, ParameterEffect>> {
  if (results === undefined) return new Map();
  const studies = await resultsUnder(resolve(io.cwd, results));
  const found = parameterEffects(studies.map((each) => each.map(recheckQuality)));
  return new Map(found.map((effect) => [effect.path, effect]));
}

/** What results say, whatever the engine; parameters that no pair of them tells of are unknown, and left out. */
async function effects(io: CliIo, flags: ParamsFlags): Promise<void> {
  const found = [...(await effectsOf(io, flags)).values()];
  if (flags.json) return io.stdout.write(`${JSON.stringify({ schema_version: 1, effects: found })}\n`);
  const text =
    found.length === 0
      ? `no two experiments in ${flags.results ?? ""} differ in one parameter alone: every effect is unknown`
      : tableLines(
          ["parameter", "effect"],
          found.map((effect) => [effect.path, effectText(effect)]),
        ).join("\n");
  io.stdout.write(`${text}\n`);
}

const asJson = ({ engine, version }: KnownEngine, found: readonly ShownParameter[]): object => ({
  schema_version: 1,
  engine,
  engine_version: version,
  parameters: found.map(({ parameter, effect }) => ({
    path: pathOf(engine, parameter),
    ...parameter,
    effect:
      effect === undefined
        ? { energy: "unknown", throughput: "unknown", pairs: [] }
        : { energy: effect.energy, throughput: effect.throughput, pairs: effect.pairs },
  })),
});

/** A line an engine: how many parameters there are, and how many of them rules read. */
async function overview(io: CliIo, flags: ParamsFlags): Promise<void> {
  const engines = ENGINE_IDS.filter((engine) => {
    return (
      loadParameterSchema(engine, { version: flags.engineVersion, root: io.env["LEM_CORPORA"] }).status !== "missing"
    );
  });
  const known = await Promise.all(engines.map((engine) => knownEngine(io, engine, flags.engineVersion)));
  const counted = known.map((each) => {
    const all = listParameters(each);
    const offered = all.filter(({ left_out }) => left_out === undefined);
    return {
      engine: each.engine,
      engine_version: each.version,
      sections: Object.keys(each.schema?.sections ?? {}),
      parameters: offered.length,
      read_by_rules: offered.filter(({ rules }) => rules.length > 0).length,
      left_out: all.length - offered.length,
      classes: Object.keys(each.classes?.classes ?? {}).length,
    };
  });
  if (flags.json) return io.stdout.write(`${JSON.stringify({ schema_version: 1, engines: counted })}\n`);
  const header = ["engine", "version", "parameters", "read by rules", "left out", "classes", "sections"];
  const rows = counted.map((each) => [
    each.engine,
    each.engine_version,
    ...[each.parameters, each.read_by_rules, each.left_out, each.classes].map(String),
    each.sections.join(", "),
  ]);
  io.stdout.write(`${tableLines(header, rows).join("\n")}\nlem engines params ENGINE lists them\n`);
}
