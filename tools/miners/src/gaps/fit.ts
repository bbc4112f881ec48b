import { float, type Expr, type PyValue, type Values } from "@lem/config/invariants";
import { conditionOf, valueKey, type Background } from "../prove/background.ts";
import type { Observer } from "../prove/observe.ts";
import { around } from "../prove/sample-values.ts";
import { refineBounds, sampled, valuesNear, withField, type Sample, type Shows } from "./samples.ts";
import { conditionsOn, conditionsOnPair } from "./templates.ts";

/** What a fit works with. */
export interface FitContext {
  readonly background: Background;
  readonly observer: Observer;
  readonly shows: Shows;
  /** Values worth trying in a field that its case does not lead to. */
  readonly samples?: ReadonlyMap<string, readonly PyValue[]> | undefined;
  /** Values of other fields with which the engine was seen to do something else. */
  readonly beside?: ReadonlyMap<string, readonly PyValue[]> | undefined;
}

/** The texts that stand for a field's values, where all of them are known. */
export const namesOf = (field: string, samples: FitContext["samples"]): readonly string[] =>
  (samples?.get(field) ?? []).filter((value) => typeof value === "string");

const MOST_FIELDS = 4;
/** Inputs that vary several fields at once. */
const MOST_JOINT = 400;

/**
 * The simplest condition that agrees with all that the engine did with variations of a case: of the fields that it
 * gives, and of those whose default it needs; undefined where no such condition is known.
 */
export async function fitCondition(example: Values, context: FitContext): Promise<Expr | undefined> {
  if (example.size > MOST_FIELDS) return undefined;
  const fields = [...example.keys(), ...(await neededDefaults(example, context))];
  if (fields.length > MOST_FIELDS) return undefined;
  const own = new Map<string, readonly Sample[]>();
  for (const field of fields) own.set(field, await variationsOf(example, field, context));
  const joint = await jointSamples(example, own, context);
  const samples = [...joint, ...[...own.values()].flat()];
  return firstFitting(combinations(fields, own, context), samples, context.background);
}

/** Fields that are not given, and without whose default the engine does something else. */
async function neededDefaults(
  example: Values,
  { background, observer, shows, samples, beside }: FitContext,
): Promise<readonly string[]> {
  const others = [...background.defaults].filter(([name]) => !example.has(name));
  if (others.length > MANY)
    return await neededOfMany(
      example,
      others.map(([name]) => name),
      { observer, shows, beside },
    );
  const inputs = others.flatMap(([name, usual]) =>
    [...around(usual), ...OTHERS, ...(samples?.get(name) ?? []), ...(beside?.get(name) ?? [])].map((value) =>
      withField(example, name, value),
    ),
  );
  const silent = (await sampled(inputs, observer, shows)).filter((sample) => !sample.shows);
  const needed = new Set(silent.flatMap(({ given }) => [...given.keys()].filter((name) => !example.has(name))));
  return others.map(([name]) => name).filter((name) => needed.has(name));
}

/** Of more fields than these not every value is tried by itself. */
const MANY = 100;
/** Fields that are given other values at once. */
const TOGETHER = 16;
/** Values of each. */
const MOST_VALUES = 2;

/**
 * The same of a class with many fields: values that were seen accepted elsewhere are given together. Where the engine then
 * does something else, each half of them is tried, down to the field that it is.
 */
async function neededOfMany(
  example: Values,
  names: readonly string[],
  { observer, shows, beside }: Pick<FitContext, "observer" | "shows" | "beside">,
): Promise<readonly string[]> {
  const taken = takenValues(observer, new Set(names));
  const pairs = names.flatMap((name) => (taken.get(name) ?? []).map((value) => [name, value] as const));
  const rounds = Array.from({ length: MOST_VALUES }, (_, round) =>
    pairs.filter(([name], at) => at - pairs.findIndex((pair) => pair[0] === name) === round),
  );
  const single = [...(beside ?? [])].flatMap(([name, values]) =>
    names.includes(name) ? values.slice(0, MOST_VALUES).map((value) => [[name, value] as const]) : [],
  );
  const needed = new Set<string>();
  let groups = [...single, ...rounds.flatMap((round) => chunks(round, TOGETHER))];
  while (groups.length > 0) {
    const seen = await observer.observe(groups.map((group) => new Map([...example, ...group])));
    const open = groups.filter((_, at) => {
      const observation = seen[at];
      return observation === undefined || observation.flaky || shows(observation) !== true;
    });
    for (const [at, group] of groups.entries()) {
      const [only] = group;
      const observation = seen[at];
      if (group.length === 1 && only !== undefined && observation !== undefined && shows(observation) === false)
        needed.add(only[0]);
    }
    groups = open.flatMap((group) => (group.length > 1 ? chunks(group, Math.ceil(group.length / 2)) : []));
  }
  return names.filter((name) => needed.has(name));
}

/** A few values of each field with which the engine took an input. */
function takenValues(observer: Observer, names: ReadonlySet<string>): ReadonlyMap<string, readonly PyValue[]> {
  const found = new Map<string, Map<string, PyValue>>();
  for (const { given, stages, flaky } of observer.all) {
    if (flaky || stages.some(({ outcome }) => outcome !== "returned")) continue;
    for (const [name, value] of given) {
      const own = found.get(name) ?? new Map<string, PyValue>();
      found.set(name, own);
      if (names.has(name) && own.size < MOST_VALUES) own.set(valueKey(value), value);
    }
  }
  return new Map([...found].map(([name, values]) => [name, [...values.values()]]));
}

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

const OTHERS: readonly PyValue[] = [null, true, false, 0, 2, float(0.5), "x"];

async function variationsOf(example: Values, field: string, context: FitContext): Promise<readonly Sample[]> {
  const { observer, shows, background, samples, beside } = context;
  const seen = example.get(field);
  const values = valuesNear(seen === undefined ? [] : [seen], background.defaults.get(field));
  const inputs = [undefined, ...(samples?.get(field) ?? []), ...(beside?.get(field) ?? []), ...values].map((value) =>
    withField(example, field, value),
  );
  const known = await sampled(inputs, observer, shows);
  return refineBounds(example, field, { known, observer, shows });
}

/** Variations of several fields at once, of values that showed different things. */
async function jointSamples(
  example: Values,
  own: ReadonlyMap<string, readonly Sample[]>,
  { observer, shows }: FitContext,
): Promise<readonly Sample[]> {
  let inputs: readonly Values[] = own.size < 2 ? [] : [example];
  const perField = Math.floor(MOST_JOINT ** (1 / own.size));
  for (const [field, samples] of own) {
    const values = spread(samples, perField).map(({ given }) => given.get(field));
    inputs = inputs.flatMap((given) => values.map((value) => withField(given, field, value)));
  }
  return sampled(inputs, observer, shows);
}

/** Some samples of either kind. */
function spread(samples: readonly Sample[], count: number): readonly Sample[] {
  const of = (shows: boolean): readonly Sample[] => samples.filter((sample) => sample.shows === shows);
  const firing = of(true).slice(0, Math.ceil(count / 2));
  return [...firing, ...of(false).slice(0, count - firing.length)];
}

function* combinations(
  fields: readonly string[],
  own: ReadonlyMap<string, readonly Sample[]>,
  { background, samples }: FitContext,
): Generator<Expr> {
  const parts = fields.map((field) => fittingParts(field, own.get(field) ?? [], { background, samples }));
  yield* conjunctions(parts);
  const [a, b] = fields;
  if (a === undefined || b === undefined) return;
  for (const pair of conditionsOnPair(a, b)) {
    yield pair;
    for (const rest of parts.slice(2).flat()) yield { op: "all", args: [pair, rest] };
  }
}

/** Alternatives of one field that are tried in combination with those of the others. */
const MOST_ALTERNATIVES = 6;

/** The first conditions on one field that agree with its own variations. */
function fittingParts(
  field: string,
  own: readonly Sample[],
  { background, samples }: Pick<FitContext, "background" | "samples">,
): readonly Expr[] {
  const values = (shows: boolean): readonly PyValue[] =>
    own
      .filter((sample) => sample.shows === shows)
      .map(({ given }) => given.get(field) ?? background.defaults.get(field) ?? null);
  const found: Expr[] = [];
  const isNamed = namesOf(field, samples).length > 0;
  for (const condition of conditionsOn({ field, firing: values(true), silent: values(false), isNamed })) {
    if (found.length === MOST_ALTERNATIVES) break;
    if (agrees(condition, own, background)) found.push(condition);
  }
  return found;
}

function* conjunctions(parts: readonly (readonly Expr[])[]): Generator<Expr> {
  const [first, ...rest] = parts;
  if (first === undefined) return;
  if (rest.length === 0) yield* first;
  else
    for (const head of first)
      for (const tail of conjunctions(rest)) yield { op: "all", args: [head, ...operands(tail, rest.length)] };
}

const operands = (expr: Expr, fields: number): readonly Expr[] =>
  fields > 1 && expr.op === "all" ? expr.args : [expr];

function firstFitting(
  candidates: Iterable<Expr>,
  samples: readonly Sample[],
  background: Background,
): Expr | undefined {
  for (const candidate of candidates) if (agrees(candidate, samples, background)) return candidate;
  return undefined;
}

function agrees(condition: Expr, samples: readonly Sample[], background: Background): boolean {
  const answer = conditionOf(condition, background);
  return samples.every(({ given, shows }) => answer(given) === (shows ? "true" : "false"));
}
