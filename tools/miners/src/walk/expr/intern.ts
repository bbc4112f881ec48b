import { childrenOf, encodeValue, type Expr, type PyValue } from "@lem/config/invariants";

const TABLE = new Map<string, Expr>();
const NUMBERS = new WeakMap<Expr, number>();
let count = 0;

/** Larger expressions are not followed any further: each walk over one takes as long as it is, and the walk is long. */
const MOST_PARTS = 1000;

/** The one object that stands for an expression, so that equal expressions are identical. */
export function intern(expr: Expr): Expr {
  if (NUMBERS.has(expr)) return expr;
  const key = keyOf(expr);
  const known = TABLE.get(key);
  if (known !== undefined) return known;
  const own = sizeOf(expr) > MOST_PARTS ? tooLarge() : expr;
  NUMBERS.set(own, (count += 1));
  TABLE.set(key, own);
  return own;
}

/** It is equal to itself alone. */
const tooLarge = (): Expr => ({ op: "unknown", what: `an expression of more than ${MOST_PARTS} parts` });

const numberOf = (expr: Expr): number => NUMBERS.get(intern(expr)) ?? 0;

function keyOf(expr: Expr): string {
  if (expr.op === "const") return `const ${JSON.stringify(encodeValue(expr.value))}`;
  if (expr.op === "not") return `not ${numberOf(expr.of)}`;
  if (expr.op === "ite") return `ite ${numberOf(expr.test)} ${numberOf(expr.yes)} ${numberOf(expr.no)}`;
  if (expr.op === "all" || expr.op === "any") return `${expr.op} ${expr.args.map(numberOf).join(" ")}`;
  const children = new Set<unknown>(childrenOf(expr));
  const parts = Object.entries(expr).map(([name, value]) => `${name}=${part(value, children)}`);
  return parts.join(" ");
}

function part(value: unknown, children: ReadonlySet<unknown>): string {
  if (children.has(value)) return `#${numberOf(value as Expr)}`;
  if (Array.isArray(value)) return `[${value.map((item) => part(item, children)).join(",")}]`;
  return JSON.stringify(value) ?? "undefined";
}

/** The same expression with other operands, in the order in which `childrenOf` gives them. */
export function withChildren(expr: Expr, change: (child: Expr) => Expr): Expr {
  const before = childrenOf(expr);
  const after = before.map(change);
  if (after.every((child, index) => child === before[index])) return intern(expr);
  const changed = new Map(before.map((child, index) => [child, after[index] as Expr]));
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    return changed.get(value as Expr) ?? value;
  };
  const fields = Object.entries(expr).map(([name, value]) => [name, name === "op" ? value : replace(value)]);
  return intern(Object.fromEntries(fields) as Expr);
}

const SIZES = new WeakMap<Expr, number>();

/** Operators and leaves of an expression written out as a tree. */
export function sizeOf(expr: Expr): number {
  const known = SIZES.get(expr);
  if (known !== undefined) return known;
  const size = childrenOf(expr).reduce((sum, child) => sum + sizeOf(child), 1);
  SIZES.set(expr, size);
  return size;
}

/** True for an expression that is written out as a value. */
export const isConstant = (expr: Expr): expr is Extract<Expr, { op: "const" }> => expr.op === "const";

/** A value. */
export const constant = (value: PyValue): Expr => intern({ op: "const", value });

/** The two truths. */
export const TRUE: Expr = constant(true);
/** See {@link TRUE}. */
export const FALSE: Expr = constant(false);
/** Python's None. */
export const NONE: Expr = constant(null);
