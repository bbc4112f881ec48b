import { readsOf, type Expr, type Values } from "@lem/config/invariants";
import { atomTable, isDecisive, logicOf } from "./atoms.ts";
import { inputKey } from "./background.ts";
import { pick, shuffled, UNSET, type ModelFinder, type ModelSpace } from "./models.ts";

/** How many inputs of each kind are wanted for one candidate. */
export interface WitnessBudget {
  readonly positives: number;
  readonly negatives: number;
}

/** Inputs that show whether a predicate is right. */
export interface Witnesses {
  /** Make it true; no other refusal is predicted where that can be had. */
  readonly positives: readonly Values[];
  /** Differ from a positive in one field; those that one atom alone makes differ come first. */
  readonly negatives: readonly Values[];
}

/** What witnesses of a candidate are made of. */
export interface WitnessRequest {
  readonly when: Expr;
  readonly space: ModelSpace;
  readonly finder: ModelFinder;
  /** True where another rule refuses the input, so that nothing would be learned of this one. */
  readonly hidden: (given: Values) => boolean;
  readonly budget: WitnessBudget;
}

/** Makes inputs around a predicate. */
export function witnessesOf(request: WitnessRequest): Witnesses {
  const positives = positivesOf(request);
  return { positives, negatives: negativesOf(request, neighboursOf(request, positives.slice(0, 8))) };
}

function positivesOf(request: WitnessRequest): readonly Values[] {
  const { when, finder, hidden, budget } = request;
  const isolated = new Map<string, Values>();
  const others = new Map<string, Values>();
  const keep = (given: Values): void => {
    (hidden(given) ? others : isolated).set(inputKey(given), given);
  };
  for (let attempt = 0; attempt < budget.positives * 5 && isolated.size < budget.positives; attempt += 1) {
    const found = finder.find(when, "true");
    if (found === undefined && attempt > 2 && isolated.size + others.size === 0) break;
    if (found === undefined) continue;
    keep(attempt < budget.positives / 4 ? found : withExtras(request, found));
  }
  const missing = Math.max(2, Math.min(4, budget.positives - isolated.size));
  return [...isolated.values(), ...[...others.values()].slice(0, missing)];
}

const TRIES = 10;

/** The same input with one to three other fields given, for as long as the predicate stays true and is not hidden. */
function withExtras({ when, finder, space, hidden }: WitnessRequest, given: Values): Values {
  const own = new Set(readsOf(when).fields);
  const names = [...space.pools.keys()].filter((name) => !own.has(name));
  const wanted = 1 + Math.floor(space.random() * 3);
  let current = given;
  for (let tried = 0; tried < TRIES && current.size < given.size + wanted; tried += 1) {
    const name = pick(names, space.random);
    const choice = name === undefined ? UNSET : finder.choice(name);
    if (name === undefined || choice === UNSET) continue;
    const next = new Map([...current, [name, choice]]);
    if (finder.answer(when, next) === "true" && !hidden(next)) current = next;
  }
  return current;
}

/** Every input that differs from a positive in one field that the predicate reads. */
function neighboursOf({ when, space }: WitnessRequest, positives: readonly Values[]): readonly Values[] {
  const fields = readsOf(when).fields.filter((field) => space.pools.has(field));
  const found = positives.flatMap((from) => fields.flatMap((field) => variations(from, field, space)));
  return [...new Map(found.map((given) => [inputKey(given), given])).values()];
}

function variations(from: Values, field: string, { pools, base }: ModelSpace): readonly Values[] {
  const { sharp = [], wild = [] } = pools.get(field) ?? {};
  const changed = [...sharp, ...wild].map((value) => new Map([...from, [field, value]]));
  if (base.has(field) || !from.has(field)) return changed;
  return [new Map([...from].filter(([name]) => name !== field)), ...changed];
}

/** Of one atom so many come first. */
const MOST_PER_ATOM = 6;

function negativesOf(
  { when, finder, space, budget }: WitnessRequest,
  neighbours: readonly Values[],
): readonly Values[] {
  const logic = logicOf(when);
  const answersTo = atomTable(logic.atoms, space.background);
  const byAtom = new Map<number, Values[]>();
  const rest: Values[] = [];
  for (const given of neighbours) {
    if (finder.answer(when, given) === "true") continue;
    const answers = answersTo(given);
    const atom = answers.findIndex((_, place) => isDecisive(logic, answers, place));
    const known = byAtom.get(atom) ?? [];
    byAtom.set(atom, known);
    if (atom >= 0 && known.length < MOST_PER_ATOM) known.push(given);
    else rest.push(given);
  }
  const deciding = [...byAtom.values()].flat();
  return [...deciding, ...shuffled(rest, space.random).slice(0, Math.max(0, budget.negatives - deciding.length))];
}
