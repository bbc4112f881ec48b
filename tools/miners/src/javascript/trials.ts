import { encodeValue, type Expr, type PyValue } from "@lem/config/invariants";
import type { Candidate } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { Probe, ProbeAnswer, ProbeException, Tagged } from "../probe/protocol.ts";

/** A value that all models refuse. */
export interface Refused {
  readonly value: PyValue;
  readonly exception: ProbeException;
  /** What the first model answered. */
  readonly answer: ProbeAnswer;
}

/** Values of a key, each tried alone or beside others, that all models refuse. */
export async function refusalsOf(
  entry: string,
  [name, values]: readonly [string, readonly PyValue[]],
  probes: readonly Probe[],
  beside: Readonly<Record<string, Tagged>> = {},
): Promise<readonly Refused[]> {
  const requests = values.map((value, id) => ({
    id,
    entry,
    keywords: { ...beside, [name]: encodeValue(value) },
    calls: [],
  }));
  const [first, ...others] = probes;
  const answers = (await first?.run(requests)) ?? [];
  let refused = values.flatMap((value, id): Refused[] => {
    const [answer, exception] = [answers[id], exceptionOf(answers[id])];
    return answer === undefined || exception === undefined ? [] : [{ value, exception, answer }];
  });
  for (const probe of others) {
    const left = refused.map(({ answer }) => requests[answer.id]).filter((each) => each !== undefined);
    const also = left.length === 0 ? [] : await probe.run(left);
    const ids = new Set(also.filter((each) => exceptionOf(each) !== undefined).map(({ id }) => id));
    refused = refused.filter(({ answer }) => ids.has(answer.id));
  }
  return refused;
}

/** Numbers that some model takes; those for which a machine lacks something are not among them. */
export async function takenOf(
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

/** A text that tells places apart. */
export const placeOf = ({ frames: [frame] }: ProbeException): string =>
  frame === undefined ? "" : `${frame.path}:${frame.line}`;

/** A candidate for the place at which values were refused. */
export function candidateFor(
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
