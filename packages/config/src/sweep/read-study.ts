import type { ExecutionSettings } from "../execution.ts";
import { overlayAll } from "../layers/overlay.ts";
import { coldStartLayer } from "../layers/presets.ts";
import { hasErrors, problemAt, sortProblems, type Problem } from "../problem.ts";
import { mergeLayers, resolve, type Layers } from "../resolve.ts";
import { studyName } from "../resolved-experiment.ts";
import type { ParsedExperiment } from "../schema/experiment.ts";
import { markAt, nodeAt, stringAt, withEntries, type MapNode } from "../yaml/located.ts";
import { isStructural, type Level } from "./levels.ts";
import { idleLevels, readSweep, type ReadStudyOptions, type ReadSweep } from "./read-sweep.ts";
import { everything, sampleOf, type Selection } from "./sample.ts";
import { DesignSpace } from "./space.ts";
import { openStudy, studyOfOne, type LoadedStudy } from "./study.ts";
import { fixedEngine, partOf, readExecution, STUDY_KEYS } from "./study-keys.ts";

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
