import type { Expr } from "../expression.ts";
import type { Frame, SlotTable, Values } from "../frame.ts";
import type { Outcome, Truth } from "../outcome.ts";

/** A compiled expression. */
export type ValueCode = (frame: Frame) => Outcome;

/** A compiled condition. */
export type TruthCode = (frame: Frame) => Truth;

/** What forms compile their operands with. */
export interface Compiler {
  readonly slots: SlotTable;
  /** Named constants. */
  readonly domains: Values;
  value(expr: Expr): ValueCode;
  truth(expr: Expr): TruthCode;
  /** The place of a variable in scope. */
  variable(name: string): number;
  /** The same compiler with one more variable in scope, at the place told. */
  bind(name: string): { readonly inner: Compiler; readonly place: number };
}
