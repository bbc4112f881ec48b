import { childrenOf, type Expr, type Values } from "@lem/config/invariants";
import { fitCondition } from "../gaps/fit.ts";
import { fewestFields } from "../gaps/samples.ts";
import type { Candidate } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { ProbeException, ProbePlace } from "../probe/protocol.ts";
import type { Background } from "./background.ts";
import type { JudgedClaim } from "./judge.ts";
import type { Observation, Observer } from "./observe.ts";
import { refusalPredicted } from "./union.ts";

/** What refusals that no rule predicts are looked at with. */
export interface Learning {
  readonly entry: string;
  readonly sites: readonly LedgerSite[];
  readonly background: Background;
  readonly observer: Observer;
  readonly rules: readonly JudgedClaim[];
  readonly errorStages: readonly number[];
}

const MOST_PLACES = 30;
const LEAST_SEEN = 3;

/**
 * Candidates for refusals that no rule predicts: of each place, the simplest condition that agrees with what the
 * class does around a smallest example. Closed lists are never guessed: what was not tried may be allowed.
 */
export async function learnedCandidates(learning: Learning): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const { place, stage, examples } of missedPlaces(learning)) {
    const shows = (observation: Observation): boolean | undefined => {
      const refusal = refusalOf(observation, learning.errorStages);
      if (refusal === undefined) return false;
      return isSame(refusal.exception.frames[0], place) && !isPredicted(learning, observation.given) ? true : undefined;
    };
    const { observer, background } = learning;
    const [example] = examples.toSorted((a, b) => a.given.size - b.given.size);
    if (example === undefined) continue;
    const fewest = await fewestFields(example.given, observer, shows);
    const when = await fitCondition(fewest, { background, observer, shows });
    const exception = refusalOf(example, learning.errorStages)?.exception.type ?? null;
    if (when !== undefined && !isGuessedList(when))
      found.push(candidateAt(place, { learning, stage, when, exception }));
  }
  return found;
}

interface MissedPlace {
  readonly place: ProbePlace;
  readonly stage: number;
  readonly examples: readonly Observation[];
}

function missedPlaces(learning: Learning): readonly MissedPlace[] {
  const byPlace = new Map<string, { place: ProbePlace; stage: number; examples: Observation[] }>();
  for (const observation of learning.observer.all) {
    const refusal = refusalOf(observation, learning.errorStages);
    const place = refusal?.exception.frames[0];
    if (refusal === undefined || place === undefined || observation.flaky || isPredicted(learning, observation.given))
      continue;
    const key = `${place.path}:${place.line}:${refusal.stage}`;
    const known = byPlace.get(key) ?? { place, stage: refusal.stage, examples: [] };
    known.examples.push(observation);
    byPlace.set(key, known);
  }
  return [...byPlace.values()]
    .filter(({ examples }) => examples.length >= LEAST_SEEN)
    .toSorted((a, b) => b.examples.length - a.examples.length)
    .slice(0, MOST_PLACES);
}

const isPredicted = ({ rules }: Learning, given: Values): boolean => refusalPredicted(rules, given);

function refusalOf(
  { stages }: Observation,
  errorStages: readonly number[],
): { readonly stage: number; readonly exception: ProbeException } | undefined {
  const found = stages.find(({ outcome, stage }) => outcome === "raised" && errorStages.includes(stage));
  return found?.exception === null || found === undefined
    ? undefined
    : { stage: found.stage, exception: found.exception };
}

const isSame = (a: ProbePlace | undefined, b: ProbePlace): boolean => a?.path === b.path && a.line === b.line;

/** Whether a condition lists values that were seen accepted. */
const isGuessedList = (when: Expr): boolean =>
  when.op === "notIn" || (when.op === "ne" && isText(when.args[1])) || childrenOf(when).some(isGuessedList);

const isText = (expr: Expr | undefined): boolean => expr?.op === "const" && typeof expr.value === "string";

function candidateAt(
  { path, qualname, line }: ProbePlace,
  made: { readonly learning: Learning; readonly stage: number; readonly when: Expr; readonly exception: string | null },
): Candidate {
  const { learning, stage, when, exception } = made;
  const onLine = learning.sites.filter((site) => site.path === path && site.line === line);
  const site = onLine.find(({ kind }) => kind === "implicit") ?? onLine[0];
  return {
    entry: learning.entry,
    origin: "probe",
    place: { kind: "site", site: site?.id ?? `probe-${path}:${line}`, path, qualname, line },
    stage,
    outcome: { kind: "error", exception },
    when,
    shadowedBy: [],
  };
}
