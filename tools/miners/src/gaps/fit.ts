import { float, type Expr, type PyValue, type Values } from "@lem/config/invariants";
import { conditionOf, type Background } from "../prove/background.ts";
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
}

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
  return firstFitting(combinations(fields, own, context.background), samples, context.background);
}

/** Fields that are not given, and without whose default the engine does something else. */
async function neededDefaults(
  example: Values,
  { background, observer, shows, samples }: FitContext,
): Promise<readonly string[]> {
  const others = [...background.defaults].filter(([name]) => !example.has(name));
  const inputs = others.flatMap(([name, usual]) =>
    [...around(usual), ...OTHERS, ...(samples?.get(name) ?? [])].map((value) => withField(example, name, value)),
  );
  const silent = (await sampled(inputs, observer, shows)).filter((sample) => !sample.shows);
  const needed = new Set(silent.flatMap(({ given }) => [...given.keys()].filter((name) => !example.has(name))));
  return others.map(([name]) => name).filter((name) => needed.has(name));
}

const OTHERS: readonly PyValue[] = [null, true, false, 0, 2, float(0.5), "x"];

async function variationsOf(example: Values, field: string, context: FitContext): Promise<readonly Sample[]> {
  const { observer, shows, background, samples } = context;
  const seen = example.get(field);
  const values = valuesNear(seen === undefined ? [] : [seen], background.defaults.get(field));
  const inputs = [undefined, ...(samples?.get(field) ?? []), ...values].map((value) =>
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
  background: Background,
): Generator<Expr> {
  const parts = fields.map((field) => fittingParts(field, own.get(field) ?? [], background));
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
function fittingParts(field: string, samples: readonly Sample[], background: Background): readonly Expr[] {
  const values = (shows: boolean): readonly PyValue[] =>
    samples
      .filter((sample) => sample.shows === shows)
      .map(({ given }) => given.get(field) ?? background.defaults.get(field) ?? null);
  const found: Expr[] = [];
  for (const condition of conditionsOn({ field, firing: values(true), silent: values(false) })) {
    if (found.length === MOST_ALTERNATIVES) break;
    if (agrees(condition, samples, background)) found.push(condition);
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
