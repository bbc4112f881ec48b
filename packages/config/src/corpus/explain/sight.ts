import {
  compileTruth,
  compileValue,
  type Expr,
  type Frame,
  type LetExpr,
  type Outcome,
  type SlotTable,
  type Truth,
  type Values,
} from "../../invariants/index.ts";

/** A part of a predicate with the names that are bound around it, outermost first. */
export interface Part {
  readonly expr: Expr;
  readonly bound: readonly Pick<LetExpr, "as" | "be">[];
}

/** One configuration as a predicate sees it: what parts of the predicate come to. */
export class Sight {
  readonly #slots: SlotTable;
  readonly #domains: Values;
  readonly #frame: Frame;

  constructor(slots: SlotTable, domains: Values, frame: Frame) {
    this.#slots = slots;
    this.#domains = domains;
    this.#frame = frame;
  }

  /** What a part comes to as a condition. */
  truth(part: Part): Truth {
    return compileTruth(whole(part), this.#options)(this.#frame);
  }

  /** What a part comes to as a value. */
  value(part: Part): Outcome {
    return compileValue(whole(part), this.#options)(this.#frame);
  }

  get #options(): { readonly slots: SlotTable; readonly domains: Values } {
    return { slots: this.#slots, domains: this.#domains };
  }
}

/** The part with its names bound again, so that it stands alone. */
const whole = ({ expr, bound }: Part): Expr =>
  bound.reduceRight<Expr>((inner, { as, be }) => ({ op: "let", as, be, in: inner }), expr);
