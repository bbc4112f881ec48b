import { isEngineId, LemError, type EngineId, type JsonObject } from "@lem/domain";
import type { ExecutionSettings } from "../execution.ts";
import type { Resolution } from "../experiment.ts";
import { onlyAdvise } from "../invariant-findings.ts";
import { sectionCheck } from "../parameters/validate.ts";
import { overlayAll } from "../layers/overlay.ts";
import { hasErrors, type Problem } from "../problem.ts";
import { resolve, type LoadedExperiment, type ResolveOptions } from "../resolve.ts";
import { toJson, withEntries, type MapNode } from "../yaml/located.ts";
import { layerOf, type Assignment } from "./assignment.ts";
import type { Level } from "./levels.ts";
import { isSeparable, type NativeKnowledge } from "./native-check.ts";
import { depthsOf, keysOf, keysSetBy, WHOLE, withoutKeys } from "./pending.ts";
import { PointCheck, workOf, type CheckedPoint } from "./point-check.ts";
import type { Selection } from "./sample.ts";
import type { Branch, DesignSpace } from "./space.ts";
import { walkBranch, type PointListener, type WalkOptions } from "./walk.ts";

/** What a study declares, ready to be walked through; a single experiment is one of one point. */
export interface Study {
  readonly name: string;
  readonly execution: ExecutionSettings;
  /** Points that are declared, of a sample those that it draws. */
  readonly declared: number;
  /** Points of the grid that the sample is drawn from; `declared` without a sample. */
  readonly size: number;
  readonly engines: readonly EngineId[];
  /** Tells what becomes of every declared point, in declared order. */
  readonly walk: (listener: PointListener) => void;
  /** A point's values in short. */
  readonly labelAt: (index: number) => string;
  /** The values that its levels give a point, by dotted field. */
  readonly valuesAt: (index: number) => JsonObject;
  /** A point's full configuration. @throws LemError `internal.bug` for one that is refused */
  readonly resolveAt: (index: number) => Promise<Resolution>;
}

/** A study with everything that is wrong with it; it is absent when that refuses all of its points. */
export interface LoadedStudy {
  readonly study: Study | undefined;
  readonly problems: readonly Problem[];
  /** What checked the native sections, by engine. */
  readonly corpora: Readonly<Partial<Record<EngineId, Resolution["corpus"]>>>;
}

/** A study as it is written. */
export interface WrittenStudy {
  readonly name: string;
  readonly execution: ExecutionSettings;
  readonly space: DesignSpace;
  readonly wanted: Selection;
  readonly resolvingFor: (engine: EngineId) => ResolveOptions;
}

/** A single experiment as a study of one point. */
export function studyOfOne(loaded: LoadedExperiment, execution: ExecutionSettings): LoadedStudy {
  const { resolution, problems, engine, corpus } = loaded;
  const corpora = engine === undefined || corpus === undefined ? {} : { [engine]: corpus };
  if (resolution === undefined) return { study: undefined, problems, corpora };
  const { id, effective_id: effectiveId, changed, experiment } = resolution;
  const point: CheckedPoint = { id, effectiveId, loadKey: id, changed, ...workOf(experiment) };
  const study: Study = {
    name: experiment.name,
    execution,
    declared: 1,
    size: 1,
    engines: [experiment.engine],
    walk: ({ onPoint }) => onPoint(0, point, experiment.engine),
    labelAt: () => "",
    valuesAt: () => ({}),
    resolveAt: async () => resolution,
  };
  return { study, problems, corpora };
}

/** Reads what the engines of a study are checked against, and holds the fixed part of it against that. */
export async function openStudy(written: WrittenStudy): Promise<LoadedStudy> {
  const { space, wanted, name, execution, resolvingFor } = written;
  const known = await knowledgeOf([...space.engines], resolvingFor);
  const checked = await Promise.all(checksOf(space).map((each) => checkFixed(each, resolvingFor)));
  const corpora = Object.fromEntries(checked.map(({ engine, corpus }) => [engine, corpus]));
  const problems = withoutRepetition(checked.flatMap((each) => each.problems));
  if (hasErrors(problems)) return { study: undefined, problems, corpora };
  const study: Study = {
    name,
    execution,
    declared: wanted.size,
    size: space.size,
    engines: [...space.engines],
    walk: (listener) => {
      const options = new Map(
        [...known].map(([engine, each]) => {
          const resolving = resolvingFor(engine);
          const plain = new PointCheck(each, resolving, depthsOf([]));
          return [engine, { known: each, resolving, plain, wanted, listener }];
        }),
      );
      for (const branch of space.branches) walkBranch(branch, options.get(branch.engine) as WalkOptions);
    },
    labelAt: (index) => space.labelAt(index),
    valuesAt: (index) =>
      Object.fromEntries(space.assignmentsAt(index).map(({ path, value }) => [path.join("."), toJson(value)])),
    resolveAt: (index) => resolvePoint(written, index),
  };
  return { study, problems, corpora };
}

async function knowledgeOf(
  engines: readonly EngineId[],
  resolvingFor: WrittenStudy["resolvingFor"],
): Promise<ReadonlyMap<EngineId, NativeKnowledge>> {
  const validate = await sectionCheck();
  const known = engines.map(async (engine): Promise<readonly [EngineId, NativeKnowledge]> => {
    const { schemaFor, rulesFor, profile, engineVersion } = resolvingFor(engine);
    const schema = schemaFor(engine);
    const rules = rulesFor(engine);
    return [
      engine,
      {
        engine,
        schema: schema.status === "missing" ? undefined : schema.schema,
        rules: rules.status === "missing" ? undefined : await rules.load(),
        rulesRefuse: rules.status !== "other-version" || !onlyAdvise(rules.version, engineVersion),
        profile,
        validate,
      },
    ];
  });
  return new Map(await Promise.all(known));
}

/** Problems of one value alone: they are so whatever else varies. */
const OF_ONE_VALUE: ReadonlySet<string> = new Set([
  "config.unknown-key",
  "config.wrong-type",
  "config.out-of-range",
  "config.not-allowed",
  "config.unknown-preset",
  "config.section-mismatch",
  "config.path-outside",
  "config.schema-version",
  "config.corpus-missing",
  "config.deprecated",
  "engine.unknown",
  "model.not-found",
]);

interface CheckedBranch {
  readonly engine: EngineId;
  readonly corpus: LoadedExperiment["corpus"];
  readonly problems: readonly Problem[];
}

/** A branch whose fixed part is checked, with all values that are set in it. */
interface FixedCheck {
  readonly branch: Branch;
  readonly assignments: readonly Assignment[];
}

/** Every branch of the grid, and of the experiments beside it one for each engine, with the fields of all of them. */
function checksOf({ branches }: DesignSpace): readonly FixedCheck[] {
  const grid = branches.filter(({ isGrid }) => isGrid);
  const beside = Map.groupBy(
    branches.filter(({ isGrid }) => !isGrid),
    ({ engine }) => engine,
  );
  return [
    ...grid.map((branch) => ({ branch, assignments: branch.levels.flatMap(assignmentsOf) })),
    ...[...beside.values()].map((all) => ({
      branch: all[0] as Branch,
      assignments: all.flatMap((branch) => branch.assignments),
    })),
  ];
}

const assignmentsOf = ({ alternatives }: Level): readonly Assignment[] =>
  alternatives.flatMap(({ assignments }) => assignments);

/**
 * Checks what no level sets, and the names of what is set. What else is wrong with an experiment beside the grid refuses
 * that one only.
 */
async function checkFixed(
  { branch, assignments }: FixedCheck,
  resolvingFor: WrittenStudy["resolvingFor"],
): Promise<CheckedBranch> {
  const { engine, isGrid } = branch;
  const options = resolvingFor(engine);
  const fixed = fixedPart(branch);
  const { corpus, problems } = await resolve({ file: fixed }, options);
  const told = problems.filter(({ code, severity }) => OF_ONE_VALUE.has(code) && (isGrid || severity === "warn"));
  if (assignments.length === 0) return { engine, corpus, problems: told };
  const varied = await resolve({ file: overlayAll([oneOfEach(assignments), fixed]) }, options);
  const unknown = varied.problems.filter(({ code, path }) => code === "config.unknown-key" && !isPicked(path, options));
  return { engine, corpus, problems: [...told, ...unknown] };
}

/** Whether a key of a section may be known with other values of the section's other keys. */
function isPicked(path: string, { schemaFor }: ResolveOptions): boolean {
  const [engine = "", section = ""] = path.split(".");
  const schema = isEngineId(engine) ? schemaFor(engine) : undefined;
  const described = schema === undefined || schema.status === "missing" ? undefined : schema.schema.sections[section];
  return described !== undefined && !isSeparable(described);
}

/** Every field that is set, with one of its values: their names are held against the schema before all else. */
function oneOfEach(assignments: readonly Assignment[]): MapNode {
  const first = new Map(assignments.toReversed().map((assignment) => [assignment.path.join("."), assignment]));
  return overlayAll([...first.values()].map(layerOf));
}

/** The configuration without the keys that levels set. */
function fixedPart({ root: rootOf, levels }: Branch): MapNode {
  const root = rootOf();
  const open = keysSetBy(levels);
  const partOf = (name: string, node: MapNode): MapNode => withoutKeys(node, keysOf(open, name));
  const entries = [...root.entries].flatMap(([name, entry]) => {
    const { value } = entry;
    if (keysOf(open, name).has(WHOLE)) return [];
    if (value.kind !== "map") return [[name, entry] as const];
    const inner = [...value.entries].flatMap(([section, held]) => {
      const part = `${name}.${section}`;
      if (keysOf(open, part).has(WHOLE)) return [];
      return [[section, held.value.kind === "map" ? { ...held, value: partOf(part, held.value) } : held] as const];
    });
    return [[name, { ...entry, value: partOf(name, withEntries(value, inner)) }] as const];
  });
  return withEntries(root, entries);
}

function withoutRepetition(problems: readonly Problem[]): readonly Problem[] {
  const first = new Map(problems.toReversed().map((problem) => [JSON.stringify(problem), problem]));
  return problems.filter((problem) => first.get(JSON.stringify(problem)) === problem);
}

async function resolvePoint({ space, resolvingFor }: WrittenStudy, index: number): Promise<Resolution> {
  const { resolution, problems } = await resolve(space.layersAt(index), resolvingFor(space.engineAt(index)));
  if (resolution !== undefined) return resolution;
  const said = problems.map(({ message }) => message).join("; ");
  throw new LemError("internal.bug", `a planned point is refused: ${said}`);
}
