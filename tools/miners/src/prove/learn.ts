import { childrenOf, printPredicate, readsOf, type Expr, type PyValue, type Values } from "@lem/config/invariants";
import { fitCondition, namesOf } from "../gaps/fit.ts";
import { fewestFields, withField, type Shows } from "../gaps/samples.ts";
import type { Candidate, CandidateOutcome } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { ProbeException, ProbePlace, ProbeStage } from "../probe/protocol.ts";
import { conditionOf, type Background } from "./background.ts";
import type { RefutedClaim } from "./decide.ts";
import { refusedAt, type JudgedClaim } from "./judge.ts";
import type { Observation, Observer } from "./observe.ts";
import { ClaimIndex } from "./relevant.ts";
import { refusalPredicted } from "./union.ts";

/** What deeds of a class that no rule predicts are looked at with. */
export interface Learning {
  readonly entry: string;
  readonly sites: readonly LedgerSite[];
  readonly background: Background;
  readonly observer: Observer;
  readonly rules: readonly JudgedClaim[];
  readonly errorStages: readonly number[];
  /** Values worth trying that no condition names. */
  readonly samples: ReadonlyMap<string, readonly PyValue[]> | undefined;
  /** Values that annotations name. */
  readonly hints?: ReadonlyMap<string, readonly PyValue[]>;
  /** What earlier rounds came to, and why it is no rule: the same is not learned twice. */
  readonly refuted: readonly RefutedClaim[];
}

/** A refusal, warning or log record of the class. */
interface Deed {
  readonly stage: number;
  readonly place: ProbePlace;
  /** Of an error that a type gives: which field, and which error. */
  readonly item: string;
  readonly outcome: Exclude<CandidateOutcome, { kind: "normalise" }>;
}

const MOST_PLACES = 30;
const LEAST_SEEN = 3;

/**
 * Candidates for what the class does and no rule predicts: of each place, the simplest condition that agrees with what
 * it does around a smallest example. Closed lists are never guessed: what was not tried may be allowed.
 */
export async function learnedCandidates(learning: Learning): Promise<readonly Candidate[]> {
  const found = await Promise.all(unpredicted(learning).map((each) => learnedCandidate(each, learning)));
  return found.filter((candidate) => candidate !== undefined);
}

async function learnedCandidate({ deed, examples }: Unpredicted, learning: Learning): Promise<Candidate | undefined> {
  const { observer, background, samples } = learning;
  const shows = showing(deed, learning);
  const [example] = examples.toSorted((a, b) => a.given.size - b.given.size);
  if (example === undefined) return undefined;
  const fewest = await fewestFields(example.given, observer, shows);
  const earlier = learning.refuted.filter(({ claim: { candidate } }) => isOf(deed, candidate));
  const beside = besideOf(fewest, earlier);
  const when = await fitCondition(fewest, { background, observer, shows, samples: samples ?? learning.hints, beside });
  if (when === undefined || isGuessedList(when, learning.hints) || holdsUnanswered(when, fewest, learning))
    return undefined;
  if (earlier.some(({ claim }) => textOf(claim.candidate.when) === textOf(when))) return undefined;
  if (samples === undefined) return candidateOf(deed, when, learning);
  if (!isPlain(when)) return undefined;
  const unseen = await unseenBeside(fewest, samples, { observer, shows });
  return candidateOf(deed, unseen.length === 0 ? when : { op: "all", args: [when, ...unseen] }, learning);
}

const textOf = (when: Expr): string => JSON.stringify(printPredicate(when));

const isOf = ({ place, stage, outcome }: Deed, candidate: Candidate): boolean =>
  candidate.origin === "probe" &&
  candidate.stage === stage &&
  candidate.outcome.kind === outcome.kind &&
  candidate.place.kind === "site" &&
  candidate.place.path === place.path &&
  candidate.place.line === place.line;

/** What inputs gave beside the fields of an example, for which the class did not do what an earlier condition said. */
function besideOf(example: Values, earlier: readonly RefutedClaim[]): ReadonlyMap<string, readonly PyValue[]> {
  const found = new Map<string, readonly PyValue[]>();
  const broad = earlier.flatMap(({ tally, counterexample }) => [
    ...(counterexample === undefined ? [] : [counterexample]),
    ...tally.contradictions.filter(({ agreement }) => agreement === "broad").map(({ observation }) => observation),
  ]);
  for (const { given } of broad)
    for (const [name, value] of given) if (!example.has(name)) found.set(name, [...(found.get(name) ?? []), value]);
  return found;
}

/** Values of another keyword that an example is tried with. */
const MOST_BESIDE = 4;

/**
 * That keywords are not given with which an example was never seen to show what it does, because the machine lacks
 * something first: what the function would do with them elsewhere is not known.
 */
async function unseenBeside(
  example: Values,
  samples: ReadonlyMap<string, readonly PyValue[]>,
  { observer, shows }: Pick<Learning, "observer"> & { readonly shows: Shows },
): Promise<readonly Expr[]> {
  const unseen: Expr[] = [];
  for (const name of samples.keys()) {
    if (example.has(name)) continue;
    const values = [...(samples.get(name) ?? []), true].slice(0, MOST_BESIDE);
    const seen = await observer.observe(values.map((value) => withField(example, name, value)));
    const isShown = seen.some((each) => each !== undefined && shows(each) === true);
    if (!isShown && seen.includes(undefined)) unseen.push({ op: "not", of: { op: "isSet", path: name } });
  }
  return unseen;
}

interface Unpredicted {
  readonly deed: Deed;
  readonly examples: readonly Observation[];
}

function unpredicted(learning: Learning): readonly Unpredicted[] {
  const index = new ClaimIndex(learning.rules);
  const found = new Map<string, { deed: Deed; examples: Observation[] }>();
  for (const observation of learning.observer.all) {
    if (observation.flaky) continue;
    for (const deed of deedsOf(observation)) {
      if (isPredicted(deed, observation.given, { ...learning, rules: index.of(observation.given) })) continue;
      const known = found.get(keyOf(deed)) ?? { deed, examples: [] };
      known.examples.push(observation);
      found.set(keyOf(deed), known);
    }
  }
  return [...found.values()]
    .filter(({ examples }) => examples.length >= LEAST_SEEN)
    .toSorted((a, b) => b.examples.length - a.examples.length)
    .slice(0, Math.max(MOST_PLACES, learning.background.defaults.size / 2));
}

/** All that can be seen of an observation; what is said again in a later stage counts once. */
function deedsOf({ stages }: Observation): readonly Deed[] {
  const all = stages.flatMap((each) => [...refusal(each), ...sayings(each)]);
  return [...new Map(all.toReversed().map((deed) => [sayingKey(deed), deed])).values()];
}

/** A file, a host or a device was not there: elsewhere it may be. */
const isOfMachine = ({ mro }: ProbeException): boolean => mro.includes("OSError");

/** Whether a condition holds for an input of no other fields that failed for want of something on this machine. */
function holdsUnanswered(when: Expr, example: Values, { observer, background }: Learning): boolean {
  const answer = conditionOf(when, background);
  const own = new Set([...example.keys(), ...readsOf(when).fields]);
  return observer.all.some(
    ({ given, stages }) =>
      stages.some(({ exception }) => exception !== null && isOfMachine(exception)) &&
      [...given.keys()].every((name) => own.has(name)) &&
      answer(given) === "true",
  );
}

function refusal({ stage, exception }: ProbeStage): readonly Deed[] {
  if (exception === null || isOfMachine(exception)) return [];
  const [item] = exception.items;
  const place = item?.frames[0] ?? exception.frames[0];
  if (place === undefined) return [];
  const isTyped = item !== undefined && item.frames.length === 0;
  const which = isTyped ? `${item.loc.join(".")}:${item.type}` : "";
  return [{ stage, place, item: which, outcome: { kind: "error", exception: exception.type } }];
}

const sayings = ({ stage, said }: ProbeStage): readonly Deed[] =>
  said
    .filter(({ path }) => path !== "")
    .map((place) => ({ stage, place, item: "", outcome: { kind: "warn" } as const }));

const keyOf = ({ outcome, stage, place, item }: Deed): string =>
  `${outcome.kind} ${stage} ${place.path}:${place.line} ${item}`;

const sayingKey = (deed: Deed): string => (deed.outcome.kind === "warn" ? keyOf({ ...deed, stage: 0 }) : keyOf(deed));

/** Whether a rule tells of a deed: any rule of a refusal, those of its place of all else. */
function isPredicted({ outcome, stage, place }: Deed, given: Values, { rules, errorStages }: Learning): boolean {
  if (outcome.kind === "error" && errorStages.includes(stage)) return refusalPredicted(rules, given);
  return rules.some(({ claim, answer }) => {
    const isHere = claim.shownAt.some(({ path, line }) => path === place.path && line === place.line);
    return isHere && claim.candidate.outcome.kind === outcome.kind && answer(given) === "true";
  });
}

/** Whether an observation shows a deed that no rule predicts; undefined where a rule does, or a refusal hides it. */
function showing(deed: Deed, learning: Learning): Shows {
  const index = new ClaimIndex(learning.rules);
  return (observation) => {
    const { given } = observation;
    if (isPredicted(deed, given, { ...learning, rules: index.of(given) })) return undefined;
    if (deedsOf(observation).some((each) => keyOf(each) === keyOf(deed))) return true;
    return refusedAt(observation, (stage) => stage <= deed.stage) ? undefined : false;
  };
}

/** Whether a condition lists values that were seen accepted, of a field whose names no annotation tells. */
function isGuessedList(when: Expr, hints: Learning["hints"]): boolean {
  if (when.op !== "notIn" && !(when.op === "ne" && isText(when.args[1])))
    return childrenOf(when).some((child) => isGuessedList(child, hints));
  return !readsOf(when).fields.every((field) => namesOf(field, hints).length > 0);
}

/**
 * Of a function that has no answer for much, a condition on one field alone, that lists no values: what was not tried
 * together may be allowed together.
 */
const isPlain = (when: Expr): boolean => readsOf(when).fields.length === 1 && !isList(when);

const isList = (when: Expr): boolean => when.op === "in" || childrenOf(when).some(isList);

const isText = (expr: Expr | undefined): boolean => expr?.op === "const" && typeof expr.value === "string";

function candidateOf({ place, stage, outcome }: Deed, when: Expr, { entry, sites }: Learning): Candidate {
  const { path, qualname, line } = place;
  const onLine = sites.filter((site) => site.path === path && site.line === line);
  const site = onLine.find(({ kind }) => kind === "implicit") ?? onLine[0];
  return {
    entry,
    origin: "probe",
    place: { kind: "site", site: site?.id ?? `probe-${path}:${line}`, path, qualname, line },
    stage,
    outcome,
    when,
    shadowedBy: [],
  };
}
