import { basename } from "node:path";
import { isEngineId, LemError, type EngineId } from "@lem/domain";
import type { ExecutionSettings } from "../execution.ts";
import { hasErrors, placeFinding, problemAt, sortProblems, type Problem } from "../problem.ts";
import { overlayAll } from "../layers/overlay.ts";
import { coldStartLayer } from "../layers/presets.ts";
import { resolve, mergeLayers, type Layers, type ResolveOptions } from "../resolve.ts";
import { studyName } from "../resolved-experiment.ts";
import { checkWritten } from "../schema/check.ts";
import { executionSettings } from "../schema/execution.ts";
import { DEFAULT_ENGINE, type ParsedExperiment } from "../schema/experiment.ts";
import {
  entryOf,
  leavesOf,
  markAt,
  nodeAt,
  stringAt,
  withEntries,
  type Located,
  type MapNode,
  type Path,
} from "../yaml/located.ts";
import { assignmentsIn } from "./assignment.ts";
import { executionFindings } from "./execution-findings.ts";
import { isStructural, readLevels, rootProblem, routedTo, type Alternative, type Level } from "./levels.ts";
import { everything, sampleOf, type Selection } from "./sample.ts";
import { DesignSpace } from "./space.ts";
import { routeShared } from "./shared-axes.ts";
import { openStudy, studyOfOne, type LoadedStudy } from "./study.ts";

/** What reading a study needs from outside. */
export interface ReadStudyOptions {
  readonly mainFile: string | undefined;
  readonly resolvingFor: (engine: EngineId) => ResolveOptions;
  /** The merged keys of another experiment's file, or why it cannot be had. */
  readonly readFile: (
    written: string,
    asked: Located,
  ) => { readonly map: MapNode } | { readonly problems: readonly Problem[] };
}

/** Declared points that are gone through one by one; a larger grid needs a sample. */
const MOST_POINTS = 2_000_000;

/** Ways to set engine and preset, each of which is opened. */
const MOST_BRANCHES = 100_000;

/** Goes from layers to a study. A file without a sweep is a study of one experiment. All problems are collected. */
export async function readStudy(layers: Layers, options: ReadStudyOptions): Promise<LoadedStudy> {
  const root = mergeLayers(layers);
  const { execution, problems } = readExecution(root);
  const loaded = await readPoints(root, layers, { ...options, execution });
  return { ...loaded, problems: sortProblems([...problems, ...loaded.problems], options.mainFile) };
}

type PointOptions = ReadStudyOptions & { readonly execution: ExecutionSettings };

async function readPoints(root: MapNode, layers: Layers, options: PointOptions): Promise<LoadedStudy> {
  const { execution, mainFile, resolvingFor } = options;
  const experiment = withoutStudyKeys(execution.force_cold_start ? coldStarting(layers, root) : layers);
  const { parsed, problems } = partOf(root, "sweep");
  if (parsed === undefined) return { study: undefined, problems, corpora: {} };
  const sweep = nodeAt(root, ["sweep"]);
  if (sweep?.kind !== "map" || isEmpty(parsed.sweep))
    return studyOfOne(await resolve(experiment, resolvingFor(fixedEngine(root))), execution);
  const read = readSweep(sweep, layers, options);
  const tooLarge = sizeProblem(read, sweep);
  if (hasErrors(read.problems) || tooLarge !== undefined) {
    const { problems: fixed } = await resolve(experiment, resolvingFor(fixedEngine(root)));
    const misspelt = fixed.filter(({ code }) => code === "config.unknown-key");
    const all = [...read.problems, ...(tooLarge === undefined ? [] : [tooLarge]), ...misspelt];
    return { study: undefined, problems: all, corpora: {} };
  }
  const space = new DesignSpace({ layers: experiment, ...read });
  const wanted = selectionOf(parsed.sweep, space.size, execution);
  if (wanted.size > MOST_POINTS)
    return { study: undefined, problems: [...read.problems, manyPoints(wanted.size, sweep)], corpora: {} };
  const idle = idleLevels(read.levels, [...space.engines]);
  const name = studyName(stringAt(root, ["name"]), mainFile);
  const opened = await openStudy({ name, execution, space, wanted, resolvingFor });
  return { ...opened, problems: [...read.problems, ...idle, ...opened.problems] };
}

/** The engine that the file names, else the usual one. */
function fixedEngine(root: MapNode): EngineId {
  const named = stringAt(root, ["engine"]) ?? "";
  return isEngineId(named) ? named : DEFAULT_ENGINE;
}

const STUDY_KEYS = ["sweep", "execution"];

/** Checks one of the keys that only studies have. */
function partOf(root: MapNode, name: string): ReadPart {
  const { parsed, findings } = checkWritten(
    withEntries(
      root,
      [...root.entries].filter(([key]) => key === name),
    ),
  );
  return { parsed, problems: findings.map((finding) => placeFinding(finding, root)) };
}

interface ReadPart {
  readonly parsed: ParsedExperiment | undefined;
  readonly problems: readonly Problem[];
}

/** The execution settings; the defaults stand in for those that are wrong, so that what else is wrong is found too. */
function readExecution(root: MapNode): {
  readonly execution: ExecutionSettings;
  readonly problems: readonly Problem[];
} {
  const { parsed, problems } = partOf(root, "execution");
  const usual = partOf(withEntries(root, []), "execution").parsed;
  const written = parsed ?? usual;
  if (written === undefined) throw new LemError("internal.bug", "the default execution settings are refused");
  const execution = executionSettings(written.execution);
  const findings = parsed === undefined ? [] : executionFindings(execution);
  return { execution, problems: [...problems, ...findings.map((finding) => placeFinding(finding, root))] };
}

const isEmpty = (sweep: ParsedExperiment["sweep"]): boolean =>
  sweep === undefined || [sweep.axes, sweep.groups, sweep.experiments].every((part) => Object.keys(part).length === 0);

const coldStarting = (layers: Layers, root: MapNode): Layers => ({
  ...layers,
  userFile: overlayAll([coldStartLayer(markAt(root, ["execution", "force_cold_start"], "value")), layers.userFile]),
});

function withoutStudyKeys(layers: Layers): Layers {
  const strip = (map: MapNode | undefined): MapNode | undefined =>
    map &&
    withEntries(
      map,
      [...map.entries].filter(([key]) => !STUDY_KEYS.includes(key)),
    );
  const { flags, file, base, userFile } = layers;
  return { flags: strip(flags), file: strip(file), base: strip(base), userFile: strip(userFile) };
}

interface ReadSweep {
  readonly levels: readonly Level[];
  readonly experiments: readonly Alternative[];
  readonly problems: readonly Problem[];
}

function readSweep(sweep: MapNode, layers: Layers, options: ReadStudyOptions): ReadSweep {
  const { flags } = layers;
  const { levels, problems } = readLevels(sweep, (all) =>
    routeShared(all, fixedEngine(mergeLayers(layers)), (engine) => options.resolvingFor(engine).schemaFor(engine)),
  );
  const set = leavesOf(flags ?? withEntries(sweep, [])).map(({ path }) => path);
  const free = levels.map((level) => withoutFixed(level, set));
  const experiments = readExperiments(sweep, options);
  return {
    levels: free.flatMap(({ level }) => level ?? []),
    experiments: experiments.flatMap((each) => ("label" in each ? each : [])),
    problems: [
      ...problems,
      ...free.flatMap(({ problem }) => problem ?? []),
      ...experiments.flatMap((each) => ("problems" in each ? each.problems : [])),
    ],
  };
}

/** A field that a flag sets does not vary: flags win over everything. */
function withoutFixed(level: Level, fixed: readonly Path[]): { readonly level?: Level; readonly problem?: Problem } {
  const isFixed = (path: Path): boolean =>
    fixed.some((flag) => isWithin(choiceOf(path), choiceOf(flag)) || isWithin(choiceOf(flag), choiceOf(path)));
  const alternatives = level.alternatives.map((each) => ({
    ...each,
    assignments: each.assignments.filter(({ path }) => !isFixed(path)),
  }));
  const count = (all: readonly Alternative[]): number =>
    all.reduce((sum, { assignments }) => sum + assignments.length, 0);
  if (count(alternatives) === count(level.alternatives)) return { level };
  const message = `${level.name} is set by a flag, and does not vary`;
  const problem = problemAt(level.mark, { code: "config.conflict", severity: "warn", path: level.place, message });
  return count(alternatives) === 0 ? { problem } : { level: { ...level, alternatives }, problem };
}

/** Prompts and lengths are one choice. */
const choiceOf = (path: Path): Path =>
  path[0] === "workload" && path[1] === "lengths" ? ["workload", "prompts"] : path;

const isWithin = (path: Path, above: Path): boolean =>
  above.length > 0 && above.every((key, index) => path[index] === key);

type ReadExperiment = Alternative | { readonly problems: readonly Problem[] };

function readExperiments(sweep: MapNode, options: ReadStudyOptions): readonly ReadExperiment[] {
  const listed = entryOf(sweep, "experiments")?.value;
  if (listed?.kind !== "list") return [];
  return listed.items.map((item, index) => readExperiment(item, index, options));
}

function readExperiment(item: Located, index: number, { readFile }: ReadStudyOptions): ReadExperiment {
  if (item.kind === "map") return experimentOf(item, `experiment ${index + 1}`, index);
  const written = item.kind === "scalar" ? String(item.value) : "";
  const file = readFile(written, item);
  return "problems" in file ? file : experimentOf(file.map, basename(written), index);
}

/** Keys of a file that are not the experiment's own. */
const NOT_VARIED = new Set(["name", "schema_version", ...STUDY_KEYS]);

function experimentOf(map: MapNode, label: string, index: number): ReadExperiment {
  const own = withEntries(
    map,
    [...map.entries].filter(([key]) => !NOT_VARIED.has(key)),
  );
  const assignments = assignmentsIn(own);
  const problems = assignments.flatMap((each) => rootProblem(each, ["sweep", "experiments", String(index)]) ?? []);
  return problems.length > 0 ? { problems } : { label: stringAt(map, ["name"]) ?? label, assignments };
}

/** Levels of engines that no point runs on. */
function idleLevels(levels: readonly Level[], engines: readonly EngineId[]): readonly Problem[] {
  return levels
    .filter((level) => engines.every((engine) => routedTo(level, engine) === undefined))
    .filter(({ alternatives }) => alternatives.some(({ assignments }) => assignments.length > 0))
    .map(({ name, mark, place }) =>
      problemAt(mark, {
        code: "config.section-mismatch",
        path: place,
        message: `${name} varies nothing: its fields are of engines that no point runs on (${engines.join(", ")} does)`,
        hint: "set engine, or vary it: engine: [transformers, vllm]",
      }),
    );
}

/**
 * With conditions points are counted by walking: that must end. Each way to set engine and preset is opened, whatever
 * sample is drawn.
 */
function sizeProblem({ levels }: ReadSweep, sweep: MapNode): Problem | undefined {
  const productOf = (some: readonly Level[]): number =>
    some.reduce((product, { alternatives }) => product * alternatives.length, 1);
  const bound = productOf(levels);
  const isWalked = levels.some(({ conditions }) => conditions.length > 0);
  const isTooLarge = bound > (isWalked ? 10 * MOST_POINTS : Number.MAX_SAFE_INTEGER);
  return isTooLarge || productOf(levels.filter(isStructural)) > MOST_BRANCHES ? manyPoints(bound, sweep) : undefined;
}

const manyPoints = (points: number, sweep: MapNode): Problem =>
  problemAt(sweep.mark, {
    code: "config.out-of-range",
    path: ["sweep"],
    message: `the sweep declares ${points.toLocaleString("en")} points`,
    hint: "draw from them with sample: {n: 1000}, or take values out",
  });

function selectionOf(sweep: ParsedExperiment["sweep"], size: number, { seed }: ExecutionSettings): Selection {
  const sample = sweep?.sample;
  return sample === undefined ? everything(size) : sampleOf(size, sample.n, sample.seed ?? seed);
}
