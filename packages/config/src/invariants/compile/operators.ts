import type { OperatorExpr } from "../expression.ts";
import type { Frame } from "../frame.ts";
import { faultOf, isFault, isRaises, isUnknown, tainted, type Outcome } from "../outcome.ts";
import { itemsContain } from "../operators/membership.ts";
import type { Operator } from "../operators/operator.ts";
import { OPERATORS } from "../operators/table.ts";
import type { PyValue } from "../values/value.ts";
import type { Compiler, ValueCode } from "./compiler.ts";

/** Compiles an operator: operands from left to right, until one raises. */
export function compileOperator(expr: OperatorExpr, compiler: Compiler): ValueCode {
  const operator = OPERATORS[expr.op];
  const display = displayedItems(expr);
  if (display !== undefined)
    return membership(
      expr.op === "notIn",
      display.map((item) => compiler.value(item)),
    );
  const operands = expr.args.map((arg) => compiler.value(arg));
  if (operator.operands === 1) return unary(operator, operands[0] as ValueCode);
  if (operator.operands === 2) return binary(operator, operands[0] as ValueCode, operands[1] as ValueCode);
  return variadic(operator, operands);
}

type Arity<N> = Extract<Operator, { operands: N }>;

function unary({ apply, total, lookUp }: Arity<1>, operand: ValueCode): ValueCode {
  return (frame) => {
    const value = operand(frame);
    return isFault(value) ? faultOf([value], total) : (lookUp?.(value) ?? apply(value));
  };
}

function binary({ apply, total, lookUp }: Arity<2>, first: ValueCode, right: ValueCode): ValueCode {
  const left = withMethod(first, lookUp);
  return (frame) => {
    const a = left(frame);
    if (isRaises(a)) return a;
    const b = right(frame);
    return isFault(a) || isFault(b) ? faultOf([a, b], total) : apply(a, b);
  };
}

/** The receiver of a method: where it has none, the look-up's fault, or for one not known that it might be. */
function withMethod(receiver: ValueCode, lookUp: Operator["lookUp"]): ValueCode {
  if (lookUp === undefined) return receiver;
  return (frame) => {
    const value = receiver(frame);
    if (isUnknown(value)) return tainted(value);
    return isRaises(value) ? value : (lookUp(value) ?? value);
  };
}

/** The operands up to the first that raises. */
function evaluateAll(frame: Frame, operands: readonly ValueCode[]): { values: Outcome[]; fault: boolean } {
  const values: Outcome[] = [];
  let fault = false;
  for (const operand of operands) {
    const value = operand(frame);
    values.push(value);
    fault ||= isFault(value);
    if (isRaises(value)) break;
  }
  return { values, fault };
}

function variadic({ apply, total, lookUp }: Arity<"any" | "some">, all: readonly ValueCode[]): ValueCode {
  const operands = all.map((operand, index) => (index === 0 ? withMethod(operand, lookUp) : operand));
  return (frame) => {
    const { values, fault } = evaluateAll(frame, operands);
    return fault ? faultOf(values, total) : apply(values as PyValue[]);
  };
}

/** Needle and items of `x in [a, b]`, where an item that is not known need not leave the answer open. */
function displayedItems({ op, args: [needle, container] }: OperatorExpr): OperatorExpr["args"] | undefined {
  if ((op !== "in" && op !== "notIn") || needle === undefined) return undefined;
  return container?.op === "list" || container?.op === "tuple" ? [needle, ...container.args] : undefined;
}

function membership(negated: boolean, operands: readonly ValueCode[]): ValueCode {
  return (frame) => {
    const { values, fault } = evaluateAll(frame, operands);
    const [needle, ...items] = values;
    const open = fault ? faultOf(values, true) : undefined;
    if (needle === undefined || isFault(needle) || (open !== undefined && (isRaises(open) || open.mayRaise)))
      return open ?? false;
    const known = itemsContain(
      items.filter((item): item is PyValue => !isFault(item)),
      needle,
    );
    const found = known === true || open === undefined ? known : open;
    return isUnknown(found) ? found : found !== negated;
  };
}
