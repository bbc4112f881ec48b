import { not, or } from "../../walk/expr/conditions.ts";
import { FALSE, isConstant, TRUE } from "../../walk/expr/intern.ts";
import type { Expression, ExpressionOf } from "../syntax.ts";
import { setMember } from "./members.ts";
import { nameOf } from "./names.ts";
import { arithmetic, ordered, sum } from "./arithmetic.ts";
import { alike, same } from "./equality.ts";
import { isDict, isList, number, open, truth, typeIs, UNDEFINED } from "./semantics.ts";
import { whether, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

/** An operator before its operand. */
export function unary(walk: Walk, { operator, argument }: ExpressionOf<"UnaryExpression">, at: At): Value {
  if (operator === "delete") return deletion(walk, argument as Expression, at);
  const of = walk.evaluate(argument as Expression, at);
  if (operator === "!") return truth(not(walk.truth(of)));
  if (operator === "typeof") return { kind: "typeof", of };
  if (operator === "void") return UNDEFINED;
  if (operator === "-") return arithmetic("-", number(0) as never, walk.dataOf(of));
  return open(`the operator ${operator}`, "number");
}

function deletion(walk: Walk, target: Expression, at: At): Value {
  if (target.type === "MemberExpression") {
    const name = nameOf(walk, target, at);
    if (name !== undefined) setMember(walk.evaluate(target.object as Expression, at), name, UNDEFINED, at);
  }
  return truth(TRUE);
}

const EQUALITY: Readonly<Record<string, readonly [strict: boolean, positive: boolean]>> = {
  "===": [true, true],
  "!==": [true, false],
  "==": [false, true],
  "!=": [false, false],
};

/** An operator between two operands. */
export function binary(walk: Walk, { operator, left, right }: ExpressionOf<"BinaryExpression">, at: At): Value {
  const [a, b] = [walk.evaluate(left as Expression, at), walk.evaluate(right, at)];
  const equality = EQUALITY[operator];
  if (equality !== undefined) {
    const [strict, positive] = equality;
    const equal = equals(walk, [a, b], strict);
    return truth(positive ? equal : not(equal));
  }
  if (operator === "instanceof") return truth(isInstance(a, b, at));
  const [x, y] = [walk.dataOf(a), walk.dataOf(b)];
  if (operator === "<" || operator === "<=" || operator === ">" || operator === ">=")
    return truth(ordered(operator, x, y));
  return operator === "+"
    ? sum(x, y)
    : operator === "in"
      ? open("whether a key is there", "boolean")
      : arithmetic(operator, x, y);
}

function equals(walk: Walk, [a, b]: readonly [Value, Value], strict: boolean): typeof TRUE {
  if (a.kind === "typeof") return whether(a.of, (one) => typeEquals(walk, one, b));
  return whether(a, (x) =>
    whether(b, (y) => {
      if (isThing(walk, x) || isThing(walk, y)) return thingEquals(walk, x, y);
      const [one, other] = [walk.dataOf(x), walk.dataOf(y)];
      return strict ? same(one, other) : alike(one, other);
    }),
  );
}

/** An object equals no data. */
const thingEquals = (walk: Walk, x: Value, y: Value): typeof TRUE =>
  isThing(walk, x) && isThing(walk, y) ? open("an equality of objects").expr : FALSE;

/** What certainly is no data. */
const isThing = (walk: Walk, value: Value): boolean =>
  /^(object|input|function|class)$/.test(value.kind) || (value.kind === "live" && walk.live.isThing(value.path));

function typeEquals(walk: Walk, of: Exclude<Value, { kind: "choice" }>, name: Value): typeof TRUE {
  if (name.kind !== "data" || !isConstant(name.expr) || typeof name.expr.value !== "string") return open("a type").expr;
  const wanted = name.expr.value;
  if (of.kind === "data") return typeIs(of, wanted);
  if (of.kind === "live" && !walk.live.isThing(of.path)) return typeIs(walk.dataOf(of), wanted);
  const type = TYPE_OF[of.kind];
  if (type === undefined) return open("the type of what only the run tells").expr;
  return wanted === type ? TRUE : FALSE;
}

const TYPE_OF: Readonly<Partial<Record<Value["kind"], string>>> = {
  object: "object",
  input: "object",
  function: "function",
  class: "function",
};

/** Plain data is an instance of no class of the engine. */
function isInstance(of: Value, cls: Value, { state }: At): typeof TRUE {
  const name = cls.kind === "foreign" ? cls.name : "";
  return whether(of, (one) => {
    if (one.kind === "object" && name === "Array") return state.heap.get(one.id)?.isList === true ? TRUE : FALSE;
    if (one.kind !== "data") return one.kind === "function" && name === "Function" ? TRUE : open("an instance").expr;
    if (name === "Array") return isList(one);
    return name === "Object" ? or(isList(one), isDict(one)) : FALSE;
  });
}
