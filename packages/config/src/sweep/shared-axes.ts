import { ENGINE_IDS, isEngineId, type EngineId } from "@lem/domain";
import type { SchemaLookup } from "../corpora.ts";
import { problemAt, type Problem } from "../problem.ts";
import { suggestion } from "../suggest.ts";
import { sectionNames } from "../schema/engine-sections.ts";
import type { Path } from "../yaml/located.ts";
import { VARIABLE, type Level, type Levels } from "./levels.ts";

/** Parameters of one engine by name, with the sections that have them. */
type Parameters = ReadonlyMap<string, readonly Path[]>;

/**
 * Routes axes that name a parameter without an engine (`temperature: [0.5, 1.0]`) to every engine that has it: where such an
 * engine runs the axis varies its own parameter, elsewhere it is none.
 */
export function routeShared(
  levels: readonly Level[],
  fixed: EngineId,
  schemaFor: (engine: EngineId) => SchemaLookup,
): Levels {
  if (!levels.some(isShared)) return { levels, problems: [] };
  const engines = enginesOf(levels, fixed);
  const known = new Map(engines.map((engine) => [engine, parametersOf(engine, schemaFor(engine))]));
  const problems: Problem[] = [];
  const routed = levels.map((level) => (isShared(level) ? route(level, known, problems) : level));
  return { levels: routed, problems };
}

/** An axis whose name is a word of its own, and no field of lem. */
const isShared = ({ place: [, kind], name, alternatives }: Level): boolean =>
  kind === "axes" &&
  !VARIABLE.includes(name) &&
  !isEngineId(name) &&
  alternatives.every(({ assignments }) => assignments.every(({ path }) => path.length === 1 && path[0] === name));

/** The engines that the study runs on: those that its levels set, or the fixed one. */
function enginesOf(levels: readonly Level[], fixed: EngineId): readonly EngineId[] {
  const set = levels.flatMap(({ alternatives }) =>
    alternatives.flatMap(({ assignments }) =>
      assignments.flatMap(({ path, value }) =>
        path.join(".") === "engine" && value.kind === "scalar" ? [String(value.value)] : [],
      ),
    ),
  );
  const named = ENGINE_IDS.filter((engine) => set.includes(engine));
  return named.length === 0 ? [fixed] : named;
}

function parametersOf(engine: EngineId, lookup: SchemaLookup): Parameters {
  const parameters = new Map<string, Path[]>();
  if (lookup.status === "missing") return parameters;
  for (const section of sectionNames(engine)) {
    const { properties = {} } = lookup.schema.sections[section] ?? {};
    for (const name of Object.keys(properties as object)) {
      const places = parameters.get(name) ?? [];
      places.push([engine, section, name]);
      parameters.set(name, places);
    }
  }
  return parameters;
}

function route(level: Level, known: ReadonlyMap<EngineId, Parameters>, problems: Problem[]): Level {
  const places = [...known.values()].map((parameters) => parameters.get(level.name) ?? []);
  const paths = places.flat();
  const ambiguous = places.find((each) => each.length > 1);
  if (paths.length === 0) problems.push(unknownName(level, known));
  else if (ambiguous !== undefined) problems.push(ambiguousName(level, ambiguous));
  const alternatives = level.alternatives.map(({ label, assignments }) => ({
    label,
    assignments: assignments.flatMap((assignment) => paths.map((path) => ({ ...assignment, path }))),
  }));
  return { ...level, alternatives };
}

function unknownName({ name, mark, place }: Level, known: ReadonlyMap<EngineId, Parameters>): Problem {
  const names = [...known.values()].flatMap((parameters) => [...parameters.keys()]);
  return problemAt(mark, {
    code: "config.unknown-key",
    path: place,
    message: `"${name}" is no parameter of ${[...known.keys()].join(" or ")}, and no field of lem`,
    hint: suggestion(name, [...new Set(names)]),
  });
}

const ambiguousName = ({ name, mark, place }: Level, places: readonly Path[]): Problem =>
  problemAt(mark, {
    code: "config.conflict",
    path: place,
    message: `${name} is a parameter of several sections`,
    hint: `write ${places.map((path) => path.join(".")).join(" or ")}`,
  });
