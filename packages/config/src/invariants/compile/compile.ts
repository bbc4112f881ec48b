import { LemError } from "@lem/domain";
import type { Expr, FormName, OperatorExpr } from "../expression.ts";
import { formFor } from "../forms/table.ts";
import type { Frame, SlotTable, Values } from "../frame.ts";
import { verdictOf, type Outcome, type Truth, type Verdict } from "../outcome.ts";
import { truthOf } from "../values/truthiness.ts";
import type { Compiler, TruthCode, ValueCode } from "./compiler.ts";
import { compileOperator } from "./operators.ts";

/** A predicate ready to be evaluated on the frames of its slot table. */
export type CompiledPredicate = (frame: Frame) => Verdict;

/** What a predicate is compiled against. */
export interface CompileOptions {
  /** Shared by all predicates that are evaluated on the same frames. */
  readonly slots: SlotTable;
  /** The corpus's named constants. */
  readonly domains?: Values | undefined;
}

/** Compiles a predicate to closures over slots. @throws LemError `config.predicate` for an unknown domain */
export function compilePredicate(expr: Expr, options: CompileOptions): CompiledPredicate {
  const truth = compileTruth(expr, options);
  return (frame) => verdictOf(truth(frame));
}

/** Compiles a condition without wrapping its result, for callers that evaluate many. */
export function compileTruth(expr: Expr, options: CompileOptions): (frame: Frame) => Truth {
  return restarting(compilerFor(options, new Map()).truth(expr));
}

/** Compiles an expression for its value, such as the effective value that an engine computes. */
export function compileValue(expr: Expr, options: CompileOptions): (frame: Frame) => Outcome {
  return restarting(compilerFor(options, new Map()).value(expr));
}

const restarting =
  <T>(code: (frame: Frame) => T) =>
  (frame: Frame): T => {
    frame.steps = 0;
    return code(frame);
  };

function compilerFor(options: CompileOptions, scope: ReadonlyMap<string, number>, places = { next: 0 }): Compiler {
  const compiler: Compiler = {
    slots: options.slots,
    domains: options.domains ?? new Map(),
    value: (expr) => valueCode(expr, compiler),
    truth: (expr) => truthCode(expr, compiler),
    variable: (name) => scope.get(name) ?? unbound(name),
    bind: (name) => {
      const place = places.next;
      places.next += 1;
      return { place, inner: compilerFor(options, new Map([...scope, [name, place]]), places) };
    },
  };
  return compiler;
}

const unbound = (name: string): never => {
  throw new LemError("config.predicate", `no variable ${name} is bound here`);
};

function valueCode(expr: Expr, compiler: Compiler): ValueCode {
  if (expr.op === "const") {
    const { value } = expr;
    return () => value;
  }
  const form = formFor(expr.op);
  return form === undefined ? compileOperator(expr as OperatorExpr, compiler) : form.value(expr, compiler);
}

function truthCode(expr: Expr, compiler: Compiler): TruthCode {
  const form = formFor(expr.op as FormName);
  if (form?.truth !== undefined) return form.truth(expr, compiler);
  const value = valueCode(expr, compiler);
  if (form?.isCondition === true) return value as TruthCode;
  return (frame) => truthOf(value(frame));
}
