import type { Candidate, EntryModel, SiteFinding } from "../candidates/candidate.ts";
import type { GroundResolver } from "../candidates/ground.ts";
import type { Expr as Predicate } from "@lem/config/invariants";
import { decodeValue, type Values } from "@lem/config/invariants";
import type { ClassInfo } from "../modules/definitions.ts";
import type { Survey } from "../take-ledger.ts";
import type { TargetCall } from "../targets/target.ts";
import { getAttribute, objectAttribute, setAttribute } from "./attributes.ts";
import { argumentsOf, call } from "./calls.ts";
import { construct, initialise } from "./construct.ts";
import { dataOf } from "./data.ts";
import { effectiveValue } from "./expr/conditions.ts";
import { CONVERTED, field, unknown } from "./expr/terms.ts";
import { conditionOf, evaluate } from "./expressions.ts";
import { GroundBook } from "./ground-book.ts";
import { Parameters } from "./parameters.ts";
import { neverKnown, Recorder, unknownIn } from "./recorder.ts";
import { moduleFrame, State } from "./state.ts";
import { assign, run } from "./statements.ts";
import { literal, type Value, type ValueOf } from "./value.ts";
import type { Walk } from "./walk.ts";

/** A class to walk, and what runs on its objects afterwards. */
export interface WalkedEntry {
  readonly name: string;
  readonly calls: readonly TargetCall[];
  readonly within?: readonly string[] | undefined;
  /** What the live class takes where nothing is given; it wins over what the source seems to say. */
  readonly defaults?: Values | undefined;
}

/** Walks the constructor of an entry and the calls behind it, as often as the installed engine has answers. */
export async function walkEntry(
  survey: Survey,
  entry: WalkedEntry,
  resolver: GroundResolver,
): Promise<EntryModel | undefined> {
  const cls = survey.index.find(entry.name);
  if (cls?.kind !== "class") return undefined;
  const book = new GroundBook();
  return await book.settle(() => walkOnce(survey, [entry, cls], book), resolver);
}

function walkOnce(survey: Survey, [entry, cls]: readonly [WalkedEntry, ClassInfo], ground: GroundBook): EntryModel {
  const walk = openWalk(survey, [entry, cls], ground);
  const module = survey.index.module(cls.module);
  if (module === undefined) return emptyModel(entry.name);
  const state = new State(moduleFrame(module));
  const keywords = { kind: "keywords", id: walk.newId() } as const;
  state.heap.set(keywords.id, { kind: "keywords", presence: new Map() });
  const self: ValueOf<"object"> = { kind: "object", id: walk.newId() };
  state.heap.set(self.id, { kind: "object", cls, attributes: new Map(), opened: [] });
  const at = { node: cls.node, state };
  initialise(walk, self, [cls], [{ positional: [], named: new Map(), spread: [keywords], open: false }, at]);
  for (const [index, { method, keywords: given }] of entry.calls.entries()) {
    walk.recorder.stage = index + 1;
    state.status = "live";
    state.path = [];
    const named = new Map<string, Value>(
      Object.entries(given).map(([name, value]) => [name, literal(decodeValue(value))]),
    );
    walk.call(getAttribute(walk, self, method, at), { positional: [], named, spread: [], open: false }, at);
  }
  const found = walk.recorder.candidates();
  const candidates = entry.within === undefined ? found : found.map(briefly);
  const sites = survey.ledger.sites.filter(({ entries }) => entries.includes(entry.name));
  return {
    entry: entry.name,
    parameters: walk.parameters.list,
    unknownKeys: walk.parameters.acceptsOthers ? "accept" : "reject",
    candidates,
    effective: effectiveOf(walk, self, state),
    findings: walk.recorder.findings(candidates, sites).map(entry.within === undefined ? asFound : asSeen),
    parts: walk.parts,
    prepared: walk.prepared,
    facts: ground.facts,
  };
}

/** What cannot come true is not told at length: where much is not known, that is most of all. */
const briefly = (candidate: Candidate): Candidate =>
  neverKnown(candidate.when) ? { ...candidate, when: unknown(unknownIn(candidate.when) ?? "") } : candidate;

const asFound = (finding: SiteFinding): SiteFinding => finding;

/** Where calls lead out of what is looked at, a place that was not met may be met all the same. */
const asSeen = (finding: SiteFinding): SiteFinding =>
  finding.status === "unreachable" ? { ...finding, status: "unknown" } : finding;

const emptyModel = (entry: string): EntryModel => ({
  entry,
  parameters: [],
  unknownKeys: "accept",
  candidates: [],
  effective: {},
  findings: [],
  facts: {},
});

/** Attributes under parameters' names that can differ from what the user gave. */
function effectiveOf(walk: Walk, self: ValueOf<"object">, state: State): Readonly<Record<string, Predicate>> {
  state.status = "live";
  state.path = [];
  walk.recorder.silence += 1;
  const found = walk.parameters.list.flatMap(({ name }) => {
    const value = objectAttribute(walk, self, name, { node: walk.entry.node, state });
    const expr = dataOf(value, state);
    return isAsGiven(value, name) ? [] : [[name, effectiveValue(expr)] as const];
  });
  walk.recorder.silence -= 1;
  return Object.fromEntries(found);
}

/** The value as given; what validation converts is the lifts' to tell. */
function isGiven(expr: Predicate, name: string): boolean {
  if (expr.op === "ite") return isGiven(expr.yes, name) && isGiven(expr.no, name);
  return expr === field(name) || (expr.op === "unknown" && expr.what === CONVERTED);
}

/** Where there is an attribute at all, it is the user's value. */
function isAsGiven(value: Value, name: string): boolean {
  if (value.kind === "choice") return isAsGiven(value.yes, name) && isAsGiven(value.no, name);
  return value.kind === "absent" || (value.kind === "data" && isGiven(value.expr, name));
}

/** A walk of a class from its beginning. */
export function openWalk(
  survey: Survey,
  [{ name, within, defaults }, entry]: readonly [WalkedEntry, ClassInfo],
  ground: GroundBook,
): Walk {
  const numbers = { object: 0, variable: 0 };
  const walk: Walk = {
    survey,
    ground,
    recorder: new Recorder(name, survey.sites),
    parameters: new Parameters(defaults),
    tries: [],
    parts: [],
    prepared: {},
    departures: 0,
    statement: null,
    entry,
    within,
    newId: () => (numbers.object += 1),
    newVariable: () => `x${(numbers.variable += 1)}`,
    evaluate: (expr, state) => evaluate(walk, expr, state),
    condition: (expr, state) => conditionOf(walk, expr, state),
    run: (block, state) => run(walk, block, state),
    assign: (target, value, state) => assign(walk, target, value, state),
    call: (callee, args, at) => call(walk, callee, args, at),
    construct: (cls, args, at) => construct(walk, cls, args, at),
    initialise: ({ self, cls, after }, args, at) => {
      if (self.kind === "object") initialise(walk, self, [cls, after], [args, at]);
    },
    attribute: (of, attr, at) => getAttribute(walk, of, attr, at),
    store: (of, attr, value, at) => setAttribute(walk, of, attr, [value, at]),
    argumentsOf: (args, keywords, state) => argumentsOf(walk, args, keywords, state),
  };
  return walk;
}
