import type { Comprehension, Expr } from "../syntax/expressions.ts";
import { below } from "../syntax/inside.ts";
import type { FunctionDef, Stmt } from "../syntax/statements.ts";
import { guard, guardsAfter, type Guard } from "./guards.ts";
import type { Step } from "./site.ts";

/**
 * Every statement and expression that a function evaluates, with the conditions around it: branches, loops, handlers,
 * early exits, and inside expressions the operands before. Annotations, decorators and defaults run at import and are
 * left out. Nested functions are part of the function.
 */
export function stepsOf(fn: FunctionDef, qualname: string): readonly Step[] {
  const walk = new StepWalk(qualname);
  walk.block(fn.body, []);
  return walk.steps;
}

class StepWalk {
  readonly steps: Step[] = [];
  #qualname: string;

  constructor(qualname: string) {
    this.#qualname = qualname;
  }

  block(statements: readonly Stmt[], outer: readonly Guard[]): void {
    let guards = outer;
    for (const statement of statements) {
      this.#statement(statement, guards);
      const after = guardsAfter(statement);
      if (after.length > 0) guards = [...guards, ...after];
    }
  }

  #add(node: Expr | Stmt, guards: readonly Guard[]): void {
    this.steps.push({ node, guards, qualname: this.#qualname });
  }

  #inside(name: string, work: () => void): void {
    const outer = this.#qualname;
    this.#qualname = name;
    work();
    this.#qualname = outer;
  }

  #statement(statement: Stmt, guards: readonly Guard[]): void {
    this.#add(statement, guards);
    switch (statement.kind) {
      case "FunctionDef":
        return this.#inside(`${this.#qualname}.<locals>.${statement.name}`, () => this.block(statement.body, guards));
      case "ClassDef":
        return this.#inside(`${this.#qualname}.<locals>.${statement.name}`, () => this.block(statement.body, guards));
      case "If":
        this.#expression(statement.test, guards);
        this.block(statement.body, [...guards, guard("if", statement.test)]);
        return this.block(statement.orelse, [...guards, guard("if", statement.test, true)]);
      case "While":
        this.#expression(statement.test, guards);
        this.block(statement.body, [...guards, guard("loop", statement.test)]);
        return this.block(statement.orelse, guards);
      case "AnnAssign":
        this.#expression(statement.target, guards);
        return statement.value === null ? undefined : this.#expression(statement.value, guards);
      default:
        return this.#compound(statement, guards);
    }
  }

  #compound(statement: Stmt, guards: readonly Guard[]): void {
    switch (statement.kind) {
      case "For":
        this.#expression(statement.iter, guards);
        this.#expression(statement.target, guards);
        this.block(statement.body, [...guards, guard("loop", statement.iter)]);
        return this.block(statement.orelse, guards);
      case "With":
        for (const { context } of statement.items) this.#expression(context, guards);
        return this.block(statement.body, guards);
      case "Try":
        this.block(statement.body, guards);
        for (const handler of statement.handlers)
          this.block(handler.body, [...guards, ...(handler.type === null ? [] : [guard("except", handler.type)])]);
        this.block(statement.orelse, guards);
        return this.block(statement.finalbody, guards);
      case "Match":
        this.#expression(statement.subject, guards);
        for (const { pattern, guard: test, body } of statement.cases) {
          const matched = [...guards, guard("match", pattern), ...(test === null ? [] : [guard("if", test)])];
          if (test !== null) this.#expression(test, [...guards, guard("match", pattern)]);
          this.block(body, matched);
        }
        return;
      default:
        for (const child of below(statement)) this.#expression(child as Expr, guards);
    }
  }

  #expression(expr: Expr, guards: readonly Guard[]): void {
    this.#add(expr, guards);
    switch (expr.kind) {
      case "BoolOp":
        return this.#operands(expr.values, expr.op === "or", guards);
      case "IfExp":
        this.#expression(expr.test, guards);
        this.#expression(expr.body, [...guards, guard("operand", expr.test)]);
        return this.#expression(expr.orelse, [...guards, guard("operand", expr.test, true)]);
      case "ListComp":
      case "SetComp":
      case "GeneratorExp":
        return this.#comprehension([expr.elt], expr.generators, guards);
      case "DictComp":
        return this.#comprehension([expr.key, expr.value], expr.generators, guards);
      case "Lambda":
        return this.#inside(`${this.#qualname}.<locals>.<lambda>`, () => this.#expression(expr.body, guards));
      default:
        for (const child of below(expr)) this.#expression(child as Expr, guards);
    }
  }

  #operands(values: readonly Expr[], negated: boolean, outer: readonly Guard[]): void {
    let guards = outer;
    for (const value of values) {
      this.#expression(value, guards);
      guards = [...guards, guard("operand", value, negated)];
    }
  }

  #comprehension(results: readonly Expr[], generators: readonly Comprehension[], outer: readonly Guard[]): void {
    let guards = outer;
    for (const { target, iter, ifs } of generators) {
      this.#expression(iter, guards);
      guards = [...guards, guard("loop", iter)];
      this.#expression(target, guards);
      for (const test of ifs) {
        this.#expression(test, guards);
        guards = [...guards, guard("operand", test)];
      }
    }
    for (const result of results) this.#expression(result, guards);
  }
}
