import { decodeValue, encodeValue, list, type Expr, type PyValue } from "@lem/config/invariants";
import type { Candidate, EntryModel } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { Shape } from "../probe/description.ts";
import type { Probe } from "../probe/protocol.ts";
import type { DeclaredKey } from "./declarations.ts";
import type { Deadly } from "./options-probe.ts";
import { candidateFor, placeOf, refusalsOf, takenOf } from "./trials.ts";

/** What is enumerated. */
export interface Enumeration {
  readonly model: EntryModel;
  readonly keys: readonly DeclaredKey[];
  readonly sites: readonly LedgerSite[];
}

/**
 * Tries each value of each key whose declared type lists its values, alone, on every model: what all refuse at a place is
 * a candidate for that place. Native code has no source here that tells which of its kinds it can do.
 */
export async function enumerated(
  { model, keys, sites }: Enumeration,
  probes: readonly Probe[],
): Promise<{ readonly candidates: readonly Candidate[]; readonly deadly: readonly Deadly[] }> {
  const found: Candidate[] = [];
  const deadly: Deadly[] = [];
  for (const { name, shape } of keys) {
    const values = listedIn(shape);
    if (values.length === 0) continue;
    const refusals = await refusalsOf(model.entry, [name, values], probes);
    for (const group of Map.groupBy(refusals, ({ exception }) => placeOf(exception)).values())
      found.push(
        ...candidateFor(model.entry, group, {
          sites,
          when: oneOf(
            name,
            group.map(({ value }) => value),
          ),
        }),
      );
    for (const { value, answer, exception } of refusals)
      if (exception.type.startsWith("SIG")) deadly.push({ name, value: encodeValue(value), answer });
  }
  for (const { name, shape } of keys)
    if (isNumeric(shape)) found.push(...(await tooLarge(model.entry, name, { sites, probes })));
  return { candidates: found, deadly };
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
