import { decodeValue, printPredicate, type Expr, type PyValue, type Values } from "@lem/config/invariants";
import { canonicalJson, sha256, type GapGroup, type JsonObject, type SourcePlace } from "@lem/domain";
import type { Candidate, CandidateOutcome, CandidatePlace, EntryModel } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import { conditionOf, valueKey, type Background } from "../prove/background.ts";
import { finalValue, refusedAt } from "../prove/judge.ts";
import type { Observation, Observer } from "../prove/observe.ts";
import { fitCondition } from "./fit.ts";
import { fewestFields, type Shows } from "./samples.ts";
import { isSeenAgain, sightingOf, type Sighting } from "./sign.ts";

/** What gaps of one class are tried with. */
export interface GapContext {
  readonly model: EntryModel;
  readonly background: Background;
  readonly observer: Observer;
  readonly sites: readonly LedgerSite[];
}

/** What a gap led to. */
export const GAP_OUTCOMES = {
  candidate: "a condition that agrees with all that the class did is a candidate",
  known: "the candidates of its place explain it",
  "not-reproduced":
    "construction and the calls after it do not show it, it happens later or elsewhere: the very case is a candidate, for the quarantine",
  "not-fitted": "no simple condition agrees with what the class did: the very case is a candidate",
} as const;

/** What became of one gap. */
export interface GapFinding {
  readonly gap: GapGroup;
  readonly outcome: keyof typeof GAP_OUTCOMES;
}

/** Candidates that gaps led to, and what became of each gap. */
export interface GapMining {
  readonly candidates: readonly Candidate[];
  /** Of fields that the walk knows nothing of: the value after all calls. */
  readonly effective: Readonly<Record<string, Expr>>;
  readonly findings: readonly GapFinding[];
}

/** Turns the gaps of one class into candidates: each is tried again, reduced, varied, and given a condition. */
export async function mineGaps(gaps: readonly GapGroup[], context: GapContext): Promise<GapMining> {
  const candidates = new Map<string, Candidate>();
  const effective: Record<string, Expr> = {};
  const findings: GapFinding[] = [];
  for (const gap of gaps) {
    const mined = await mineGap(gap, context);
    const { candidate } = mined;
    findings.push({ gap, outcome: mined.outcome });
    if (candidate === undefined) continue;
    candidates.set(keyOf(candidate), candidate);
    const { outcome, when } = candidate;
    if (outcome.kind === "normalise" && !Object.hasOwn(context.model.effective, outcome.field))
      effective[outcome.field] = { op: "ite", test: when, yes: outcome.to, no: { op: "field", path: outcome.field } };
  }
  return { candidates: [...candidates.values()], effective, findings };
}

const keyOf = ({ place, stage, when }: Candidate): string => canonicalJson([place, stage, printPredicate(when)]);

interface Mined {
  readonly outcome: GapFinding["outcome"];
  readonly candidate?: Candidate | undefined;
}

const MOST_TRIED = 5;

/** The first example from which a candidate can be made; else the outcome that came nearest to one. */
async function mineGap(gap: GapGroup, context: GapContext): Promise<Mined> {
  let nearest: Mined | undefined;
  for (const example of gap.examples.slice(0, MOST_TRIED)) {
    const mined = await mineExample(gap, example, context);
    if (mined.outcome === "candidate") return mined;
    if (nearest === undefined || nearest.outcome === "not-reproduced") nearest = mined;
  }
  return nearest ?? { outcome: "not-reproduced" };
}

async function mineExample(gap: GapGroup, example: JsonObject, context: GapContext): Promise<Mined> {
  const { observer, background } = context;
  const given = keywordsOf(example, gap, context.model);
  const [observation] = await observer.observe([given]);
  const sighting = observation === undefined ? undefined : sightingOf(gap, observation);
  if (observation === undefined || sighting === undefined)
    return { outcome: "not-reproduced", candidate: veryCase(gap, given, context) };
  const shows = newSightings(gap, sighting, context);
  if (shows(observation) !== true) return { outcome: "known" };
  const fewest = await fewestFields(observation.given, observer, shows);
  const when = await fitCondition(fewest, { background, observer, shows });
  const made = { context, when: when ?? caseOf(fewest) };
  const outcome = outcomeOf(
    gap,
    sighting,
    observer.all.filter((each) => shows(each) === true),
  );
  if (outcome === undefined) return { outcome: "not-fitted" };
  const candidate = candidateOf(gap, sighting, { ...made, outcome });
  return { outcome: when === undefined ? "not-fitted" : "candidate", candidate };
}

/** The gap exactly as it was: all that can be said of what the class itself does not show. */
function veryCase(gap: GapGroup, given: Values, context: GapContext): Candidate | undefined {
  if (gap.kind === "changed" || gap.place === null) return undefined;
  const outcome: CandidateOutcome =
    gap.kind === "warned" ? { kind: "warn" } : { kind: "error", exception: gap.exception };
  const blamed = new Map([...given].filter(([name]) => gap.fields.includes(name)));
  if (blamed.size === 0) return undefined;
  const sighting = { stage: 0, place: gap.place, exception: gap.exception };
  return candidateOf(gap, sighting, { context, when: caseOf(blamed), outcome });
}

const caseOf = (given: Values): Expr => ({
  op: "all",
  args: [...given].map(([path, value]): Expr => ({
    op: "eq",
    args: [
      { op: "field", path },
      { op: "const", value },
    ],
  })),
});

/** A key that picks the class of a section is none of its keywords. */
function keywordsOf(example: JsonObject, gap: GapGroup, { parameters }: EntryModel): Values {
  const names = new Set([...parameters.map(({ name }) => name), ...gap.fields]);
  const keywords = Object.entries(example).filter(([name]) => names.has(name));
  return new Map(keywords.map(([name, value]) => [name, decodeValue(value)]));
}

/** Whether an observation shows the gap, and no candidate of the same function says so already. */
function newSightings(gap: GapGroup, sought: Sighting, { model, background }: GapContext): Shows {
  const explained = model.candidates
    .filter((each) => each.stage === sought.stage && isSameDeed(each, gap, sought.place))
    .map(({ when }) => conditionOf(when, background));
  return (observation) => {
    if (!isSeenAgain(gap, observation, sought))
      return refusedAt(observation, (at) => at <= sought.stage) ? undefined : false;
    return explained.some((answer) => answer(observation.given) === "true") ? undefined : true;
  };
}

const KINDS: Readonly<Record<GapGroup["kind"], CandidateOutcome["kind"]>> = {
  refused: "error",
  warned: "warn",
  changed: "normalise",
};

function isSameDeed({ outcome, place }: Candidate, gap: GapGroup, at: SourcePlace | null): boolean {
  if (outcome.kind !== KINDS[gap.kind]) return false;
  if (outcome.kind === "normalise") return gap.fields[0] === outcome.field;
  return place.kind === "site" && place.path === at?.path && place.qualname === at.qualname;
}

/** What the engine does; undefined for a change whose result no simple expression gives. */
function outcomeOf(gap: GapGroup, { stage }: Sighting, firing: readonly Observation[]): CandidateOutcome | undefined {
  if (gap.kind === "warned") return { kind: "warn" };
  if (gap.kind === "refused") {
    const raised = firing.flatMap(({ stages }) => stages.find((each) => each.stage === stage)?.exception?.type ?? []);
    return { kind: "error", exception: raised[0] ?? gap.exception };
  }
  const [field = ""] = gap.fields;
  const to = resultOf(firing, field);
  return to === undefined ? undefined : { kind: "normalise", field, to };
}

/** One value in all cases, or that of another field that was given. */
function resultOf(firing: readonly Observation[], field: string): Expr | undefined {
  const ends = firing.map((each) => finalValue(each, field));
  const [first] = ends;
  if (first === undefined) return undefined;
  if (ends.every((end) => isEqual(end, first))) return { op: "const", value: first };
  const others = [...(firing[0]?.given.keys() ?? [])].filter((name) => name !== field);
  const source = others.find((name) => firing.every(({ given }, at) => isEqual(given.get(name), ends[at])));
  return source === undefined ? undefined : { op: "field", path: source };
}

const isEqual = (a: PyValue | undefined, b: PyValue | undefined): boolean =>
  a !== undefined && b !== undefined && valueKey(a) === valueKey(b);

function candidateOf(
  gap: GapGroup,
  { stage, place }: Sighting,
  made: { readonly context: GapContext; readonly when: Expr; readonly outcome: CandidateOutcome },
): Candidate {
  const { context, when, outcome } = made;
  return {
    entry: context.model.entry,
    origin: gap.kind === "changed" ? "observed_collision" : "runtime_warning",
    place: placeOf(gap, place, context.sites),
    stage,
    outcome,
    when,
    shadowedBy: [],
  };
}

/** The site of the ledger on that line; a place that the walk never reached gets a name of its own. */
function placeOf(gap: GapGroup, place: SourcePlace | null, sites: readonly LedgerSite[]): CandidatePlace {
  if (place === null) return { kind: "lift", field: gap.fields[0] ?? "", errorType: "observed" };
  const { path, qualname, line } = place;
  const onLine = sites.filter((site) => site.path === path && site.line === line);
  const site = onLine.find(({ kind }) => kind !== "implicit") ?? onLine[0];
  const own = `gap-${sha256(canonicalJson([path, qualname, line])).slice(0, 8)}`;
  return { kind: "site", site: site?.id ?? own, path, qualname, line };
}
