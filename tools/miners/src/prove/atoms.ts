import type { Expr, Values } from "@lem/config/invariants";
import { conditionOf, type Answer, type Background } from "./background.ts";

/** The conditions that a predicate joins by and, or, not and if-else, from left to right. */
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
export function atomTable(predicate: Expr, background: Background): (given: Values) => readonly Answer[] {
  const conditions = atomsOf(predicate).map((atom) => conditionOf(atom, background));
  return (given) => conditions.map((condition) => condition(given));
}

/** The place at which two tables differ when it is the only one. */
export function onlyDifference(a: readonly Answer[], b: readonly Answer[]): number | undefined {
  const places = a.flatMap((answer, place) => (answer === b[place] ? [] : [place]));
  return places.length === 1 ? places[0] : undefined;
}
