import { ENGINE_IDS, isEngineId, type EngineId } from "@lem/domain";
import { problemAt, type Problem } from "../problem.ts";
import { entryOf, type Entry, type Located, type MapNode, type Mark, type Path } from "../yaml/located.ts";
import { assignmentsIn, engineOfPath, engineValue, fieldPath, valueLabel, type Assignment } from "./assignment.ts";
import { axisValues } from "./range.ts";

/** One way to go at a level: fields with their values. */
export interface Alternative {
  readonly label: string;
  readonly assignments: readonly Assignment[];
}

/** The level applies where a field has one of these values; one that is not given counts as null. */
export interface Condition {
  readonly path: Path;
  readonly values: readonly Located[];
}

/** One axis or group of a sweep. */
export interface Level {
  readonly name: string;
  readonly mark: Mark;
  /** Its own path in the file. */
  readonly place: Path;
  readonly alternatives: readonly Alternative[];
  readonly conditions: readonly Condition[];
}

/** The levels of a sweep with what is wrong with them. */
export interface Levels {
  readonly levels: readonly Level[];
  readonly problems: readonly Problem[];
}

/** Reads axes and groups. Those that pick engine or preset come first, as they decide what else applies. */
export function readLevels(sweep: MapNode, routed: (levels: readonly Level[]) => Levels): Levels {
  const problems: Problem[] = [];
  const read = [
    ...entriesIn(sweep, "axes").map(([name, entry]) => axisLevel(name, entry, problems)),
    ...entriesIn(sweep, "groups").map(([name, entry]) => groupLevel(name, entry, problems)),
  ].filter((level) => level.alternatives.length > 0);
  const { levels, problems: unrouted } = routed([
    ...read.filter(isStructural),
    ...read.filter((level) => !isStructural(level)),
  ]);
  problems.push(...unrouted, ...levels.flatMap(rootProblems), ...repeatedFields(levels), ...lateConditions(levels));
  return { levels: withShortLabels(levels), problems };
}

const entriesIn = (sweep: MapNode, key: string): readonly (readonly [string, Entry])[] => {
  const node = entryOf(sweep, key)?.value;
  return node?.kind === "map" ? [...node.entries] : [];
};

/** True for a level that picks what else can be varied. */
export const isStructural = ({ alternatives }: Level): boolean =>
  alternatives.some(({ assignments }) =>
    assignments.some(({ path }) => path.length === 1 && STRUCTURAL.has(path[0] ?? "")),
  );

const STRUCTURAL = new Set(["engine", "preset"]);

function axisLevel(name: string, { key, value: axis }: Entry, problems: Problem[]): Level {
  const place = ["sweep", "axes", name];
  const found = axisValues(axis, place);
  if ("problem" in found) problems.push(found.problem);
  const fields = entryOf(axis, "fields")?.value;
  const paths = fields?.kind === "list" ? fields.items.map((item) => fieldPath(textOf(item))) : [fieldPath(name)];
  const alternatives = ("values" in found ? found.values : []).map((value) => ({
    label: valueLabel(paths.length === 1 ? engineValue(paths[0] ?? [], value) : value),
    assignments: paths.map((path) => ({ path, key, value: engineValue(path, value) })),
  }));
  return { name, mark: key, place, alternatives, conditions: conditionsOf(axis) };
}

const textOf = (node: Located): string => (node.kind === "scalar" ? String(node.value) : "");

function conditionsOf(axis: Located): readonly Condition[] {
  const when = entryOf(axis, "when")?.value;
  if (when?.kind !== "map") return [];
  return [...when.entries].map(([field, { value }]) => {
    const path = fieldPath(field);
    const values = value.kind === "list" ? value.items : [value];
    return { path, values: values.map((each) => engineValue(path, each)) };
  });
}

/** Variants beyond this in one group are a mistake. */
const MOST_ALTERNATIVES = 100_000;

function groupLevel(name: string, { key, value: group }: Entry, problems: Problem[]): Level {
  const place = ["sweep", "groups", name];
  const variants = group.kind === "list" ? group.items : [];
  const alternatives = variants.flatMap((variant) => (variant.kind === "map" ? combinations(variant) : []));
  if (alternatives.length > MOST_ALTERNATIVES)
    problems.push(
      problemAt(key, {
        code: "config.out-of-range",
        path: place,
        message: `the group has more than ${MOST_ALTERNATIVES} alternatives`,
      }),
    );
  return { name, mark: key, place, alternatives, conditions: [] };
}

/** A variant whose values are lists stands for each combination of their items; a list in a list is a list. */
function combinations(variant: MapNode): readonly Alternative[] {
  const grid = assignmentsIn(variant).reduce<readonly (readonly Assignment[])[]>(
    (sets, assignment) => sets.flatMap((set) => itemsOf(assignment).map((each) => [...set, each])),
    [[]],
  );
  return grid.map((assignments) => ({
    label: assignments.length === 0 ? "none" : assignments.map(({ value }) => valueLabel(value)).join("/"),
    assignments,
  }));
}

const itemsOf = (assignment: Assignment): readonly Assignment[] =>
  assignment.value.kind === "list"
    ? assignment.value.items.map((value) => ({ ...assignment, value: engineValue(assignment.path, value) }))
    : [assignment];

/** The level as it is for an engine: parameters of other engines are not its own; undefined where nothing is left. */
export function routedTo(level: Level, engine: EngineId): Level | undefined {
  const alternatives = level.alternatives.flatMap((alternative) => {
    const own = alternative.assignments.filter(({ path }) => (engineOfPath(path) ?? engine) === engine);
    return own.length === 0 && alternative.assignments.length > 0 ? [] : [{ ...alternative, assignments: own }];
  });
  const varies = alternatives.some(({ assignments }) => assignments.length > 0);
  return varies ? { ...level, alternatives } : undefined;
}

/** Fields that a study may vary, besides those of engines. */
export const VARIABLE: readonly string[] = ["engine", "preset", "model", "workload", "measurement"];

/** Fields that no study can vary. */
export function rootProblem({ path, key }: Assignment, place: Path): Problem | undefined {
  const [root = ""] = path;
  if (isEngineId(root) ? path.length > 1 : VARIABLE.includes(root)) return undefined;
  return problemAt(key, {
    code: VARIABLE.includes(root) || isEngineId(root) ? "config.wrong-type" : "config.unknown-key",
    path: place,
    message: `${path.join(".")} is no field that can vary`,
    hint: `fields start with ${[...VARIABLE, ...ENGINE_IDS].join(", ")}; an axis of another name lists its fields`,
  });
}

function rootProblems({ alternatives, place }: Level): readonly Problem[] {
  const all = alternatives.flatMap(({ assignments }) => assignments);
  const first = new Map(all.toReversed().map((assignment) => [assignment.path.join("."), assignment]));
  return [...first.values()].flatMap((assignment) => rootProblem(assignment, place) ?? []);
}

const fieldsOf = ({ alternatives }: Level): ReadonlySet<string> =>
  new Set(alternatives.flatMap(({ assignments }) => assignments.map(({ path }) => path.join("."))));

/** A field that two levels set would have the value of the later one only. */
function repeatedFields(levels: readonly Level[]): readonly Problem[] {
  return levels.flatMap((level, index) => {
    const fields = [...fieldsOf(level)];
    return levels.slice(0, index).flatMap((other) => {
      const both = fields.find((field) => fieldsOf(other).has(field));
      if (both === undefined) return [];
      const message = `${both} varies in ${level.name} and in ${other.name}`;
      return [problemAt(level.mark, { code: "config.conflict", path: level.place, message, hint: "keep one of them" })];
    });
  });
}

/** What a condition asks for must be known when the level is reached. */
function lateConditions(levels: readonly Level[]): readonly Problem[] {
  return levels.flatMap((level, index) => {
    const later = new Set(levels.slice(index).flatMap((each) => [...fieldsOf(each)]));
    const late = level.conditions.find(({ path }) => later.has(path.join(".")));
    if (late === undefined) return [];
    const message = `the condition asks for ${late.path.join(".")}, which varies later`;
    const hint = "write the axis that it depends on above it";
    return [problemAt(level.mark, { code: "config.conflict", path: level.place, message, hint })];
  });
}

/** Labels `batch_size=4`: a field's last part, with the part above where two fields share it. */
function withShortLabels(levels: readonly Level[]): readonly Level[] {
  const lasts = levels.map(({ name }) => name.split(".").at(-1) ?? name);
  return levels.map((level, index) => {
    const own = lasts[index] ?? level.name;
    const shared = lasts.filter((last) => last === own).length > 1;
    const short = shared ? level.name.split(".").slice(-2).join(".") : own;
    const alternatives = level.alternatives.map((each) => ({ ...each, label: `${short}=${each.label}` }));
    return { ...level, alternatives };
  });
}
