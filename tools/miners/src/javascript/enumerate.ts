import { decodeValue, encodeValue, list, type Expr, type PyValue } from "@lem/config/invariants";
import { not } from "../walk/expr/conditions.ts";
import type { Candidate, EntryModel } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { Shape } from "../probe/description.ts";
import type { Probe } from "../probe/protocol.ts";
import type { DeclaredKey } from "./declarations.ts";
import type { Deadly } from "./options-probe.ts";
import { candidateFor, placeOf, refusalsOf, takenOf, type Refused } from "./trials.ts";
import { data, truthy } from "./walk/semantics.ts";

/** What is enumerated. */
export interface Enumeration {
  readonly model: EntryModel;
  readonly keys: readonly DeclaredKey[];
  readonly sites: readonly LedgerSite[];
}

/** What came of it. */
export interface Enumerated {
  readonly candidates: readonly Candidate[];
  readonly deadly: readonly Deadly[];
  /** By key, values that show something together. */
  readonly samples: ReadonlyMap<string, readonly PyValue[]>;
}

/**
 * Tries each value of each key whose declared type lists its values, alone, on every model: what all refuse at a place is
 * a candidate for that place. Native code has no source here that tells which of its kinds it can do.
 */
export async function enumerated({ model, keys, sites }: Enumeration, probes: readonly Probe[]): Promise<Enumerated> {
  const found: Candidate[] = [];
  const deadly: Deadly[] = [];
  const samples = new Map<string, readonly PyValue[]>();
  for (const { name, shape } of keys) {
    const values = [...withNext(listedIn(shape)), ...(isText(shape) ? [""] : [])];
    if (values.length === 0) continue;
    const refusals = await refusalsOf(model.entry, [name, values], probes);
    found.push(...byPlace(model.entry, refusals, { sites, when: (refused) => oneOf(name, refused) }));
    for (const { value, answer, exception } of refusals)
      if (exception.type.startsWith("SIG")) deadly.push({ name, value: encodeValue(value), answer });
    // A key of which every value is fine is hardly looked at.
    if (refusals.length === 0) continue;
    const others = values.filter((each) => !refusals.some(({ value }) => value === each));
    found.push(...(await besideTruths({ model, keys, sites, samples }, [name, others], probes)));
  }
  for (const { name, shape } of keys)
    if (isNumeric(shape)) found.push(...(await tooLarge(model.entry, name, { sites, probes })));
  return { candidates: found, deadly, samples };
}

/** Numbers that may be kinds which the type does not list. */
const MOST_NEXT = 4;

/** The same with the numbers that come next. */
function withNext(values: readonly PyValue[]): readonly PyValue[] {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === 0) return values;
  const last = Math.max(...numbers);
  return [...values, ...Array.from({ length: MOST_NEXT }, (_, at) => last + 1 + at)];
}

/** Values that are fine alone, each beside each key that may be true or false. */
async function besideTruths(
  { model: { entry }, keys, sites, samples }: Enumeration & { readonly samples: Map<string, readonly PyValue[]> },
  [name, values]: readonly [string, readonly PyValue[]],
  probes: readonly Probe[],
): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const other of keys) {
    if (other.name === name || !isTruth(other.shape)) continue;
    const of: Expr = { op: "field", path: other.name };
    for (const held of [true, false]) {
      const refusals = await refusalsOf(entry, [name, values], probes, { [other.name]: held });
      const [first] = refusals;
      if (first === undefined) continue;
      const others = await refusalsOf(entry, [other.name, held ? TRUE_TOO : FALSE_TOO], probes, {
        [name]: encodeValue(first.value),
      });
      const isTruthOnly = others.length < (held ? TRUE_TOO : FALSE_TOO).length;
      const beside: Expr = isTruthOnly ? { op: "is", of, value: held } : held ? truthyValue(of) : falsyValue(of);
      samples.set(
        name,
        refusals.map(({ value }) => value),
      );
      samples.set(other.name, [held, ...(held ? TRUE_TOO : FALSE_TOO)]);
      const when = (refused: readonly PyValue[]): Expr => ({ op: "all", args: [beside, oneOf(name, refused)] });
      found.push(...byPlace(entry, refusals, { sites, when }));
    }
  }
  return found;
}

/** What JavaScript takes for true or false besides those. */
const TRUE_TOO: readonly PyValue[] = [1, "x"];
const FALSE_TOO: readonly PyValue[] = [0, ""];

const falsyValue = (of: Expr): Expr => ({ op: "all", args: [{ op: "isNot", of, value: null }, not(truthy(data(of)))] });
const truthyValue = (of: Expr): Expr => truthy(data(of));

/** Of all texts the empty one is the likeliest to be refused. */
const isText = (shape: Shape): boolean => shape.type === "str" || (shape.type === "union" && shape.of.some(isText));

const isTruth = (shape: Shape): boolean => shape.type === "bool" || (shape.type === "union" && shape.of.some(isTruth));

/** A candidate for each place at which some values were refused. */
function byPlace(
  entry: string,
  refusals: readonly Refused[],
  { sites, when }: { readonly sites: readonly LedgerSite[]; readonly when: (refused: readonly PyValue[]) => Expr },
): readonly Candidate[] {
  return [...Map.groupBy(refusals, ({ exception }) => placeOf(exception)).values()].flatMap((group) =>
    candidateFor(entry, group, { sites, when: when(group.map(({ value }) => value)) }),
  );
}

const isNumeric = (shape: Shape): boolean =>
  shape.type === "int" || shape.type === "float" || (shape.type === "union" && shape.of.some(isNumeric));

const SMALLEST = 4;
const LARGEST = 2 ** 20;

/** A number beyond which all models refuse at one place: found by doubling, then by halving. */
async function tooLarge(
  entry: string,
  name: string,
  { sites, probes }: { readonly sites: readonly LedgerSite[]; readonly probes: readonly Probe[] },
): Promise<readonly Candidate[]> {
  const doubled: number[] = [];
  for (let value = SMALLEST; value <= LARGEST; value *= 2) doubled.push(value);
  const refused = await refusalsOf(entry, [name, doubled], probes);
  const [first] = refused;
  const places = new Set(refused.map(({ exception }) => placeOf(exception)));
  const taken = await takenOf(entry, [name, doubled], probes);
  if (first === undefined || places.size > 1 || taken.some((value) => value > Number(first.value))) return [];
  let [fine, high] = [Math.floor(Number(first.value) / 2), Number(first.value)];
  while (high - fine > 1) {
    const middle = Math.floor((fine + high) / 2);
    const isRefused = (await refusalsOf(entry, [name, [middle]], probes)).length > 0;
    [fine, high] = isRefused ? [fine, middle] : [middle, high];
  }
  const of: Expr = { op: "field", path: name };
  const when: Expr = {
    op: "all",
    args: [
      { op: "exactType", of, classes: ["int", "float"] },
      { op: "ge", args: [of, { op: "const", value: high }] },
    ],
  };
  return candidateFor(entry, [first], { sites, when });
}

/** That a key has one of some values; a number is none of the texts, and true is no number. */
function oneOf(name: string, values: readonly PyValue[]): Expr {
  const of: Expr = { op: "field", path: name };
  const numbers = values.filter((value) => typeof value === "number");
  const texts = values.filter((value) => typeof value === "string");
  const among = (some: readonly PyValue[], classes: readonly string[]): readonly Expr[] =>
    some.length === 0
      ? []
      : [
          {
            op: "all",
            args: [
              { op: "exactType", of, classes },
              { op: "in", args: [of, { op: "const", value: list([...some]) }] },
            ],
          },
        ];
  const parts = [...among(numbers, ["int", "float"]), ...among(texts, ["str"])];
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { op: "any", args: parts };
}

/** The values that a type lists; booleans are tried anyway. */
export function listedIn(shape: Shape): readonly PyValue[] {
  if (shape.type === "union") return shape.of.flatMap(listedIn);
  return shape.type === "literal" ? shape.values.map(decodeValue).filter((value) => typeof value !== "boolean") : [];
}
