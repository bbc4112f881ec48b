import {
  compilePredicate,
  printPredicate,
  SlotTable,
  type CompiledPredicate,
  type Expr,
  type Values,
} from "@lem/config/invariants";
import { conditionOf, type Answer, type Background } from "./background.ts";

/** A predicate as a function of the results of the conditions that it joins. */
export interface Logic {
  /** Joined by and, or, not and if-else, from left to right; one that stands in several places is here once. */
  readonly atoms: readonly Expr[];
  /** What the predicate comes to when its atoms come to these answers. */
  readonly result: (answers: readonly Answer[]) => Answer;
}

type Part = Logic["result"];

/** Takes a predicate apart. */
export function logicOf(predicate: Expr): Logic {
  const atoms: Expr[] = [];
  const places = new Map<string, number>();
  const placeOf = (atom: Expr): number => {
    const key = textOf(atom);
    const place = places.get(key) ?? atoms.push(atom) - 1;
    places.set(key, place);
    return place;
  };
  const partOf = (expr: Expr): Part => {
    switch (expr.op) {
      case "all":
        return junction(expr.args.map(partOf), "false");
      case "any":
        return junction(expr.args.map(partOf), "true");
      case "not":
        return negation(partOf(expr.of));
      case "ite":
        return branching(partOf(expr.test), partOf(expr.yes), partOf(expr.no));
      case "const":
        return always(conditionOf(expr, NOWHERE)(NOWHERE.facts));
      default:
        return answerAt(placeOf(expr));
    }
  };
  const result = partOf(predicate);
  return { atoms, result };
}

const NOWHERE: Background = { defaults: new Map(), facts: new Map() };
const OPPOSITE: Readonly<Record<Answer, Answer>> = {
  true: "false",
  false: "true",
  unknown: "unknown",
  raises: "raises",
};

const always =
  (answer: Answer): Part =>
  (): Answer =>
    answer;
const answerAt =
  (place: number): Part =>
  (answers) =>
    answers[place] ?? "unknown";
const negation =
  (of: Part): Part =>
  (answers) =>
    OPPOSITE[of(answers)];

/** `stop` is the result of an operand at which the others do not count. */
const junction =
  (parts: readonly Part[], stop: "true" | "false"): Part =>
  (answers) => {
    let isOpen = false;
    for (const part of parts) {
      const result = part(answers);
      if (result === stop) return stop;
      if (result === "raises" && !isOpen) return "raises";
      if (result !== OPPOSITE[stop]) isOpen = true;
    }
    return isOpen ? "unknown" : OPPOSITE[stop];
  };

const branching =
  (test: Part, yes: Part, no: Part): Part =>
  (answers) => {
    const taken = test(answers);
    if (taken === "true") return yes(answers);
    return taken === "false" ? no(answers) : taken;
  };

/** The conditions that a predicate joins, as often as they stand in it, from left to right. */
export function atomsOf(predicate: Expr): readonly Expr[] {
  switch (predicate.op) {
    case "all":
    case "any":
      return predicate.args.flatMap(atomsOf);
    case "not":
      return atomsOf(predicate.of);
    case "ite":
      return [predicate.test, predicate.yes, predicate.no].flatMap(atomsOf);
    case "const":
      return [];
    default:
      return [predicate];
  }
}

/** The results of all atoms for an input. */
export function atomTable(atoms: readonly Expr[], background: Background): (given: Values) => readonly Answer[] {
  const slots = new SlotTable();
  const compiled: readonly CompiledPredicate[] = atoms.map((atom) => compilePredicate(atom, { slots }));
  return (declared) => {
    const frame = slots.frame({ declared, ...background });
    return compiled.map((condition) => condition(frame).result);
  };
}

/** Whether an atom decides the result while all others stay as they are: the other result may be that it raises. */
export function isDecisive({ result }: Logic, answers: readonly Answer[], place: number): boolean {
  const own = answers[place];
  if (own !== "true" && own !== "false") return false;
  const other = result(answers.with(place, OPPOSITE[own]));
  return other !== "unknown" && other !== result(answers);
}

/** The predicate with a constant in the place of one atom. */
export function fixedAt(predicate: Expr, atom: Expr, value: boolean): Expr {
  const key = textOf(atom);
  const fixed = (expr: Expr): Expr => {
    switch (expr.op) {
      case "all":
      case "any":
        return { ...expr, args: expr.args.map(fixed) };
      case "not":
        return { ...expr, of: fixed(expr.of) };
      case "ite":
        return { ...expr, test: fixed(expr.test), yes: fixed(expr.yes), no: fixed(expr.no) };
      default:
        return textOf(expr) === key ? { op: "const", value } : expr;
    }
  };
  return fixed(predicate);
}

const textOf = (atom: Expr): string => JSON.stringify(printPredicate(atom));
