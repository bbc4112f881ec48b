import { readsOf, type Expr, type Values } from "@lem/config/invariants";
import { atomTable, fixedAt, isDecisive, logicOf, type Logic } from "./atoms.ts";
import { valueKey, valueOf, type Answer } from "./background.ts";
import { finalValue, refusedAt, type JudgedClaim } from "./judge.ts";
import { UNSET, type Choice, type ModelFinder, type ModelSpace } from "./models.ts";
import type { Observation, Observer } from "./observe.ts";

/** What is known of the effect that an atom of a condition has by itself (masking MC/DC). */
export const ATOM_EFFECTS = {
  shown: "with all others as they were, the class was seen to do it for one answer and not to do it for the other",
  machine: "it hangs on the machine alone, which stays as it is",
  implied: "no input makes it decide: of all values worth trying, in all combinations, none does",
  hidden: "where it decides, the class refuses for another reason first",
  unanswered: "where it decides, this machine lacks something and gives no answer",
  free: "no input was found for which it decides, and the class was seen to do it with either answer",
  pinned: "no input was found for which it decides: the rule says no more than what was seen with its one answer",
  unseen:
    "no input was found for which it decides, and it had no answer where the class did it: the condition is no rule",
} as const;

/** One of {@link ATOM_EFFECTS}. */
export type AtomEffect = keyof typeof ATOM_EFFECTS;

/** What a search for inputs works with. */
export interface Search {
  readonly space: ModelSpace;
  readonly finder: ModelFinder;
  readonly observer: Observer;
}

/** Inputs of each kind that are tried for one atom. */
const TRIED = 6;
/** Combinations that are gone through when nothing is found otherwise. */
const MOST_COMBINATIONS = 12_000;

/** The effect of each atom of a claim's condition, after a search for what was not seen yet. */
export async function atomEffects(
  each: JudgedClaim,
  observations: readonly Observation[],
  search: Search,
): Promise<readonly AtomEffect[]> {
  const { when } = each.claim.candidate;
  const seen = new Sightings(each, search.space);
  for (const observation of observations) seen.take(observation);
  const trials = new Map<number, readonly Trial[]>();
  const tried = seen.open.map((place) => [place, decidingInputs(when, seen.atoms[place] as Expr, search)] as const);
  await search.observer.observe(tried.flatMap(([, inputs]) => inputs));
  for (const [place, inputs] of tried) {
    const observed = await search.observer.observe(inputs);
    for (const observation of observed) if (observation !== undefined) seen.take(observation);
    trials.set(
      place,
      inputs.map((given, at) => ({ given, isAnswered: observed[at] !== undefined })),
    );
  }
  const inputs = seen.open.length > 0 ? combinationsOf(when, search.space) : undefined;
  return seen.atoms.map((atom, place) => {
    if (seen.isShown(place)) return "shown";
    if (readsOf(atom).fields.length === 0) return "machine";
    return unshown(seen, place, { trials: trials.get(place) ?? [], inputs });
  });
}

/** An input for which an atom should decide. */
interface Trial {
  readonly given: Values;
  /** False where the machine gave no answer. */
  readonly isAnswered: boolean;
}

/** Why an atom's effect does not show. Results that never differ prove that it has none. */
function unshown(
  seen: Sightings,
  place: number,
  { trials, inputs }: { readonly trials: readonly Trial[]; readonly inputs: readonly Values[] | undefined },
): AtomEffect {
  if (trials.some(({ isAnswered }) => !isAnswered)) return "unanswered";
  const decided = new Set(seen.decided(place));
  for (const given of [...trials.map((trial) => trial.given), ...(inputs ?? [])])
    for (const result of seen.decidedBy(place, given)) decided.add(result);
  if (decided.has("true") && decided.has("false")) return "hidden";
  return inputs === undefined ? "unseen" : "implied";
}

type Result = "true" | "false";

/** What observations show of a claim's atoms. */
class Sightings {
  readonly atoms: readonly Expr[];
  readonly #each: JudgedClaim;
  readonly #logic: Logic;
  readonly #answersTo: (given: Values) => readonly Answer[];
  /** What a claim of a change says that the field ends as. */
  readonly #stored: ReturnType<typeof valueOf> | undefined;
  /** By atom: its answers where it decided that the class does it, and where it decided that not. */
  readonly #done: readonly Set<Answer>[];
  readonly #left: readonly Set<Answer>[];

  constructor(each: JudgedClaim, { background }: ModelSpace) {
    this.#each = each;
    this.#logic = logicOf(each.claim.candidate.when);
    this.atoms = this.#logic.atoms;
    this.#answersTo = atomTable(this.atoms, background);
    const { outcome } = each.claim.candidate;
    this.#stored = outcome.kind === "normalise" ? valueOf(outcome.to, background) : undefined;
    this.#done = this.atoms.map(() => new Set<Answer>());
    this.#left = this.atoms.map(() => new Set<Answer>());
  }

  /** Atoms whose effect was not seen, and that a user's value reaches. */
  get open(): readonly number[] {
    return this.atoms.flatMap((atom, place) =>
      this.isShown(place) || readsOf(atom).fields.length === 0 ? [] : [place],
    );
  }

  isShown(place: number): boolean {
    const [done, left] = [this.#done[place], this.#left[place]];
    return [...(done ?? [])].some((answer) => [...(left ?? [])].some((other) => other !== answer));
  }

  /** Results that the atom was seen to decide. */
  decided(place: number): readonly Result[] {
    const found: Result[] = [];
    if ((this.#done[place]?.size ?? 0) > 0) found.push("true");
    if ((this.#left[place]?.size ?? 0) > 0) found.push("false");
    return found;
  }

  /** The result that the atom decides for an input; nothing where it does not. */
  decidedBy(place: number, given: Values): readonly Result[] {
    const answers = this.#answersTo(given);
    const result = this.#logic.result(answers);
    const isResult = result === "true" || result === "false";
    return isResult && isDecisive(this.#logic, answers, place) ? [result] : [];
  }

  take(observation: Observation): void {
    const role = this.#roleOf(observation);
    if (role === undefined || this.open.length === 0) return;
    const answers = this.#answersTo(observation.given);
    if (this.#logic.result(answers) !== role) return;
    const sets = role === "true" ? this.#done : this.#left;
    for (const [place, answer] of answers.entries())
      if (sets[place]?.has(answer) === false && isDecisive(this.#logic, answers, place)) sets[place].add(answer);
  }

  /** Whether the class did what the claim says; undefined where a refusal elsewhere hides it. */
  #roleOf(observation: Observation): Result | undefined {
    const { claim, shows } = this.#each;
    const { place, stage, outcome } = claim.candidate;
    const shown = shows(observation);
    if (shown === true)
      return outcome.kind !== "normalise" || this.#isStored(observation, outcome.field) ? "true" : "false";
    const isRefused = refusedAt(observation, (at) => at <= stage);
    if (shown === undefined) return outcome.kind === "normalise" && !isRefused ? "false" : undefined;
    return place.kind === "site" && isRefused ? undefined : "false";
  }

  /** Whether a field ends as what this claim stores, and not as what another one does. */
  #isStored(observation: Observation, field: string): boolean {
    const [stored, end] = [this.#stored?.(observation.given), finalValue(observation, field)];
    return stored !== undefined && end !== undefined && valueKey(stored) === valueKey(end);
  }
}

/** Inputs for which an atom decides, with either result and either answer. */
function decidingInputs(when: Expr, atom: Expr, { finder }: Search): readonly Values[] {
  const [yes, no] = [fixedAt(when, atom, true), fixedAt(when, atom, false)];
  const wanted: readonly Expr[] = [
    all(atom, holds(yes), not(holds(no))),
    all(not(atom), holds(no), not(holds(yes))),
    all(atom, fails(yes), not(fails(no))),
    all(not(atom), fails(no), not(fails(yes))),
  ];
  return wanted.flatMap((each) =>
    Array.from({ length: TRIED }, () => finder.find(each, "true")).filter((given) => given !== undefined),
  );
}

const all = (...args: readonly Expr[]): Expr => ({ op: "all", args });
const not = (of: Expr): Expr => ({ op: "not", of });
const raises = (of: Expr): Expr => ({ op: "raises", of, exception: "Exception" });
const holds = (of: Expr): Expr => all(not(raises(of)), of);
const fails = (of: Expr): Expr => all(not(raises(of)), not(of));

/**
 * Every combination of values worth trying in the fields of a condition, as far as its atoms tell them apart; undefined
 * where there are too many.
 */
function combinationsOf(when: Expr, { pools, base, background }: ModelSpace): readonly Values[] | undefined {
  const atoms = logicOf(when).atoms.map((atom) => ({ atom, fields: fieldsOf(atom) }));
  const related = new Set(atoms.flatMap(({ fields }) => (fields.length > 1 ? fields : [])));
  let inputs: readonly Values[] = [base];
  for (const field of fieldsOf(when)) {
    const pool = pools.get(field);
    const choices: readonly Choice[] = [UNSET, ...(pool?.sharp ?? []), ...(pool?.wild ?? [])];
    const values = choices.map((each) => withChoice(base, field, each));
    const own = atoms.filter(({ fields }) => fields.includes(field)).map(({ atom }) => atom);
    const told = related.has(field) ? values : distinctBy(values, atomTable(own, background));
    if (inputs.length * told.length > MOST_COMBINATIONS) return undefined;
    inputs = inputs.flatMap((given) => told.map((each) => withChoice(given, field, each.get(field) ?? UNSET)));
  }
  return inputs;
}

const fieldsOf = (expr: Expr): readonly string[] => [
  ...new Set(readsOf(expr).fields.map((path) => path.split(".")[0] ?? path)),
];

function distinctBy(inputs: readonly Values[], answersTo: (given: Values) => readonly Answer[]): readonly Values[] {
  return [...new Map(inputs.map((given) => [answersTo(given).join(" "), given])).values()];
}

const withChoice = (given: Values, field: string, value: Choice): Values =>
  value === UNSET ? given : new Map([...given, [field, value]]);
