import { decodeValue, type Expr, type PyValue, type Values } from "@lem/config/invariants";
import type { EntryModel } from "./candidates/candidate.ts";
import type { GroundResolver } from "./candidates/ground.ts";
import { entryClasses } from "./graph/entry-points.ts";
import { liftEntry, partCandidates } from "./lift/lift-entry.ts";
import type { Lookups } from "./lift/lifted.ts";
import { customEnums } from "./lift/lookups.ts";
import { entriesByClass, nestedFields, type EntryOfClass } from "./lift/nested-fields.ts";
import type { DescribeAnswer, DescribedParameter, EntryDescription, Shape } from "./probe/description.ts";
import { probeGround } from "./probe/ground.ts";
import type { EngineProbe } from "./probe/open-probe.ts";
import type { Survey } from "./take-ledger.ts";
import { walkEntry } from "./walk/walk-entry.ts";
import { walkLookup } from "./walk/walk-lookup.ts";

/** Candidates of classes, from their source and from their types, with the facts that they read. */
export interface EntryModels {
  readonly models: readonly EntryModel[];
  readonly facts: Readonly<Record<string, PyValue>>;
}

/** Walks and lifts every class of a target whose name ends so. */
export async function entryModels(survey: Survey, probe: EngineProbe, ending: string): Promise<EntryModels> {
  const { target, index, order } = survey;
  const entries = entryClasses(target, index, order).filter(({ name }) => name.endsWith(ending));
  const described = await probe.describe(entries.map(({ name }) => name));
  const byClass = entriesByClass(described);
  const resolver = probeGround(probe);
  const lookups = await lookupsOf(survey, described, resolver);
  const models: EntryModel[] = [];
  for (const [place, entry] of entries.entries()) {
    const description = described[place];
    const walked = await walkEntry(survey, { ...entry, defaults: defaultsOf(description) }, resolver);
    if (walked === undefined) continue;
    const nested = description === undefined ? {} : nestedFields(description, byClass);
    const model = withLifts(await withParts(walked, probe), description, lookups);
    const taking = { ...heldEntries(description, byClass), ...nested };
    models.push({ ...model, nested, hints: { ...model.hints, ...dictsFor(taking, described) } });
  }
  return { models, facts: Object.assign({}, ...models.map(({ facts }) => facts)) as EntryModels["facts"] };
}

/** What the package's Enums make of values that are no member's, where they look them up themselves. */
async function lookupsOf(
  survey: Survey,
  described: readonly DescribeAnswer[],
  resolver: GroundResolver,
): Promise<Lookups> {
  const fields = described.flatMap((each) => (each.kind === "described" ? (each.core?.fields ?? []) : []));
  const found = new Map<string, Expr>();
  for (const name of new Set(fields.flatMap(({ schema }) => customEnums(schema)))) {
    const lookup = await walkLookup(survey, name, resolver);
    if (lookup !== undefined) found.set(name, lookup);
  }
  return found;
}

/** What a dataclass takes where nothing is given: its defaults may be made by functions. */
function defaultsOf(description: DescribeAnswer | undefined): Values {
  if (description?.kind !== "described" || description.family !== "dataclass") return new Map();
  return new Map(
    description.parameters.flatMap(({ name, default: usual }) =>
      usual === undefined ? [] : [[name, decodeValue(usual)] as const],
    ),
  );
}

/** The types of objects that an entry makes of its input have rules for it, too. */
async function withParts(walked: EntryModel, probe: EngineProbe): Promise<EntryModel> {
  const { parts = [], entry, candidates } = walked;
  if (parts.length === 0) return walked;
  const names = [...new Set(parts.map(({ className }) => className))];
  const answers = await probe.describe(names);
  const byName = new Map(names.map((name, place) => [name, answers[place]]));
  const lifted = parts.flatMap((part) => {
    const description = byName.get(part.className);
    return description?.kind === "described" ? partCandidates(entry, part, description) : [];
  });
  return { ...walked, candidates: [...candidates, ...lifted] };
}

/** Fields of a dataclass that are annotated with an entry; what it hands them to may take dicts in its place. */
function heldEntries(description: DescribeAnswer | undefined, byClass: EntryOfClass): ReturnType<typeof nestedFields> {
  if (description?.kind !== "described" || description.core !== null) return {};
  return Object.fromEntries(
    description.parameters.flatMap(({ name, shape }) => {
      const held = classesIn(shape).flatMap((each) => byClass.get(each) ?? []);
      return held.length === 0 ? [] : [[name, held] as const];
    }),
  );
}

function classesIn(shape: Shape): readonly string[] {
  if (shape.type === "class") return [shape.class];
  return shape.type === "union" ? shape.of.flatMap(classesIn) : [];
}

/** Dicts that a field takes in a model's place: an empty one, and some of its keywords with their defaults. */
function dictsFor(
  nested: ReturnType<typeof nestedFields>,
  described: readonly DescribeAnswer[],
): Readonly<Record<string, readonly PyValue[]>> {
  const byEntry = new Map(
    described.flatMap((each) => (each.kind === "described" ? [[each.entry, each] as const] : [])),
  );
  const dictsOf = (entry: string): readonly PyValue[] =>
    (byEntry.get(entry)?.parameters ?? []).flatMap(({ name, default: usual }) =>
      usual === undefined || usual === null || typeof usual === "object" ? [] : [decodeValue({ [name]: usual })],
    );
  return Object.fromEntries(
    Object.entries(nested).map(([field, [entry = ""]]) => [
      field,
      [decodeValue({}), ...dictsOf(entry).slice(0, MOST_DICTS)],
    ]),
  );
}

const MOST_DICTS = 3;

/** What literals and Enums list; a dataclass holds nobody to them, but what it hands its fields to may. */
function hintsOf(parameters: readonly DescribedParameter[]): Readonly<Record<string, readonly PyValue[]>> {
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, listedIn(shape).map(decodeValue)]));
}

function listedIn(shape: Shape): readonly unknown[] {
  switch (shape.type) {
    case "literal":
      return shape.values;
    case "enum":
      return Object.values(shape.values);
    case "union":
      return shape.of.flatMap(listedIn);
    case "constrained":
      return listedIn(shape.of);
    default:
      return [];
  }
}

/** Whether a name is a field's for which another keyword stands. */
const isOtherwiseNamed = ({ core, parameters }: EntryDescription, name: string): boolean =>
  core !== null && core.fields.some((each) => each.name === name) && parameters.every((each) => each.name !== name);

/** What the live class says of its parameters completes what its source says. */
function withLifts(walked: EntryModel, description: DescribeAnswer | undefined, lookups: Lookups): EntryModel {
  if (description?.kind !== "described") return walked;
  const { parameters, unknownKeys, candidates, values } = liftEntry(description, {
    prepared: walked.prepared,
    lookups,
  });
  const named = walked.parameters.filter(({ name }) => !isOtherwiseNamed(description, name));
  const known = new Set(named.map(({ name }) => name));
  return {
    ...walked,
    parameters: [...named, ...parameters.filter(({ name }) => !known.has(name))],
    unknownKeys,
    candidates: [...candidates, ...walked.candidates],
    effective: { ...values, ...walked.effective },
    ...(description.family === "dataclass" ? { hints: hintsOf(description.parameters) } : {}),
  };
}
