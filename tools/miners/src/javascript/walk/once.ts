import { childrenOf, type Expr } from "@lem/config/invariants";
import { intern, sizeOf } from "../../walk/expr/intern.ts";
import { variable } from "../../walk/expr/terms.ts";

const SHORT = 2;

/** A value that is used several times under a name, so that it is written down once. */
export function once(all: readonly Expr[], build: (named: readonly Expr[]) => Expr): Expr {
  const free = Math.max(...all.map(firstFree));
  const names = all.map((expr, place) => (sizeOf(expr) > SHORT ? `n${free + place}` : undefined));
  const body = build(all.map((expr, place) => (names[place] === undefined ? expr : variable(names[place]))));
  return all.reduceRight<Expr>((inner, be, place) => {
    const as = names[place];
    return as === undefined ? inner : intern({ op: "let", as, be, in: inner });
  }, body);
}

const FREE = new WeakMap<Expr, number>();

/** The number of the first name that means nothing in an expression. */
function firstFree(expr: Expr): number {
  const known = FREE.get(expr);
  if (known !== undefined) return known;
  const name = expr.op === "var" ? expr.name : expr.op === "let" ? expr.as : "";
  const own = /^n\d+$/.test(name) ? Number(name.slice(1)) + 1 : 0;
  const free = Math.max(own, ...childrenOf(expr).map(firstFree));
  FREE.set(expr, free);
  return free;
}
