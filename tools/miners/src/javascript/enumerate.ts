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
      found.push(...candidateFor(model.entry, name, group, sites));
    for (const { value, answer, exception } of refusals)
      if (exception.type.startsWith("SIG")) deadly.push({ name, value: encodeValue(value), answer });
  }
  return { candidates: found, deadly };
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

const exceptionOf = (answer: ProbeAnswer | undefined): ProbeException | undefined =>
  answer?.kind === "done" ? (answer.stages[0]?.exception ?? undefined) : undefined;

const placeOf = ({ frames: [frame] }: ProbeException): string =>
  frame === undefined ? "" : `${frame.path}:${frame.line}`;

function candidateFor(
  entry: string,
  name: string,
  group: readonly Refused[],
  sites: readonly LedgerSite[],
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
      when: oneOf(
        name,
        group.map(({ value }) => value),
      ),
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
