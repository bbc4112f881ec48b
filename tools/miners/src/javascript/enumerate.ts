import { decodeValue, encodeValue, list, type Expr, type PyValue } from "@lem/config/invariants";
import type { Candidate, EntryModel } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { Shape } from "../probe/description.ts";
import type { Probe, ProbeAnswer, ProbeException } from "../probe/protocol.ts";
import type { DeclaredKey } from "./declarations.ts";
import type { Deadly } from "./options-probe.ts";

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

interface Refused {
  readonly value: PyValue;
  readonly exception: ProbeException;
  /** What the first model answered. */
  readonly answer: ProbeAnswer;
}

async function refusalsOf(
  entry: string,
  [name, values]: readonly [string, readonly PyValue[]],
  probes: readonly Probe[],
): Promise<readonly Refused[]> {
  const requests = values.map((value, id) => ({ id, entry, keywords: { [name]: encodeValue(value) }, calls: [] }));
  const answers: (readonly ProbeAnswer[])[] = [];
  for (const probe of probes) answers.push(await probe.run(requests));
  return values.flatMap((value, at): Refused[] => {
    const all = answers.map((each) => exceptionOf(each[at]));
    const [exception] = all;
    const answer = answers[0]?.[at];
    return exception === undefined || answer === undefined || all.includes(undefined)
      ? []
      : [{ value, exception, answer }];
  });
}

/** Numbers that some model takes; those for which a machine lacks something are not among them. */
async function takenOf(
  entry: string,
  [name, values]: readonly [string, readonly number[]],
  probes: readonly Probe[],
): Promise<readonly number[]> {
  const requests = values.map((value, id) => ({ id, entry, keywords: { [name]: value }, calls: [] }));
  const taken = new Set<number>();
  for (const probe of probes)
    for (const answer of await probe.run(requests))
      if (answer.kind === "done" && answer.stages[0]?.outcome === "returned") taken.add(values[answer.id] ?? 0);
  return [...taken];
}

const exceptionOf = (answer: ProbeAnswer | undefined): ProbeException | undefined =>
  answer?.kind === "done" ? (answer.stages[0]?.exception ?? undefined) : undefined;

const placeOf = ({ frames: [frame] }: ProbeException): string =>
  frame === undefined ? "" : `${frame.path}:${frame.line}`;

function candidateFor(
  entry: string,
  group: readonly Refused[],
  { sites, when }: { readonly sites: readonly LedgerSite[]; readonly when: Expr },
): readonly Candidate[] {
  const [first] = group;
  const frame = first?.exception.frames[0];
  if (first === undefined || frame === undefined) return [];
  const { path, qualname, line } = frame;
  const site = sites.find((each) => each.path === path && each.line === line)?.id ?? `probe-${path}:${line}`;
  return [
    {
      entry,
      origin: "probe",
      place: { kind: "site", site, path, qualname, line },
      stage: 0,
      outcome: { kind: "error", exception: first.exception.type },
      when,
      shadowedBy: [],
    },
  ];
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
