import { basename } from "node:path";
import type { EngineId } from "@lem/domain";
import { problemAt, type Problem } from "../problem.ts";
import { mergeLayers, type Layers, type ResolveOptions } from "../resolve.ts";
import { entryOf, leavesOf, stringAt, withEntries, type Located, type MapNode, type Path } from "../yaml/located.ts";
import { assignmentsIn } from "./assignment.ts";
import { readLevels, rootProblem, routedTo, type Alternative, type Level } from "./levels.ts";
import { routeShared } from "./shared-axes.ts";
import { fixedEngine, STUDY_KEYS } from "./study-keys.ts";

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

/** What a sweep declares, with what is wrong with it. */
export interface ReadSweep {
  readonly levels: readonly Level[];
  readonly experiments: readonly Alternative[];
  readonly problems: readonly Problem[];
}

/** Reads the levels and experiments of a sweep. */
export function readSweep(sweep: MapNode, layers: Layers, options: ReadStudyOptions): ReadSweep {
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
export function idleLevels(levels: readonly Level[], engines: readonly EngineId[]): readonly Problem[] {
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
