import {
  childrenOf,
  compileTruth,
  compileValue,
  SlotTable,
  toPython,
  type Expr,
} from "../../../src/invariants/index.ts";
import { compare, type Comparison } from "./compare.ts";
import { Generator, OPS, type Case } from "./generate.ts";
import type { Answer } from "./oracle.ts";
import { Random } from "./random.ts";

/** Cases of a seed, every operator in turn. */
export function casesOf(seed: number, count: number): readonly Case[] {
  const generator = new Generator(new Random(seed));
  return Array.from({ length: count }, (_, index) => generator.make(OPS[index % OPS.length] as Expr["op"]));
}

/** Evaluates a case and holds it against CPython's answers. */
export function judge(one: Case, answers: readonly Answer[]): Comparison {
  const slots = new SlotTable();
  const options = { slots, domains: one.domains };
  const [truth, value] = [compileTruth(one.expr, options), compileValue(one.expr, options)];
  const frame = slots.frame(one);
  return compare(truth(frame), value(frame), answers, answers.length === 1);
}

/** What went wrong, with all that is needed to see it again. */
export const report = (one: Case, { wrong }: Comparison): string =>
  `${toPython(one.expr)}: ${wrong ?? ""}; ${JSON.stringify([...one.declared.keys()])}`;

/** The operators and forms of an expression. */
export const opsOf = (expr: Expr): ReadonlySet<Expr["op"]> =>
  new Set([expr.op, ...childrenOf(expr).flatMap((child) => [...opsOf(child)])]);
