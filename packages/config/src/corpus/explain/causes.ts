import { childrenOf, isFault, type Expr, type JunctionExpr } from "../../invariants/index.ts";
import type { Part, Sight } from "./sight.ts";

/** A condition that has no conditions inside, with what it comes to: `holds` false stands for its negation. */
export interface Cause extends Part {
  readonly holds: boolean;
}

/** The conditions on which it rests that a predicate comes to true (or false), in Python's order. */
export function causesOf(part: Part, holds: boolean, sight: Sight): readonly Cause[] {
  const { expr, bound } = part;
  const inner = (child: Expr, wanted: boolean): readonly Cause[] => causesOf({ expr: child, bound }, wanted, sight);
  switch (expr.op) {
    case "all":
    case "any":
      return junctionCauses(expr, part, { holds, sight });
    case "not":
      return inner(expr.of, !holds);
    case "truthy":
      return isCondition(expr.args[0]) ? inner(expr.args[0], holds) : [{ ...part, holds }];
    case "ite": {
      const test = sight.truth({ expr: expr.test, bound });
      if (typeof test !== "boolean") return [];
      return [...inner(expr.test, test), ...inner(test ? expr.yes : expr.no, holds)];
    }
    case "let":
      return causesOf({ expr: expr.in, bound: [...bound, { as: expr.as, be: expr.be }] }, holds, sight);
    case "const":
      return [];
    default:
      return [{ ...part, holds }];
  }
}

/** `and` is true by all of its operands and false by the first that is; `or` the other way round. */
function junctionCauses(
  { op, args }: JunctionExpr,
  { bound }: Part,
  { holds, sight }: { readonly holds: boolean; readonly sight: Sight },
): readonly Cause[] {
  const parts = args.map((expr) => ({ expr, bound }));
  if (holds === (op === "all")) return parts.flatMap((part) => causesOf(part, holds, sight));
  const decisive = parts.find((part) => sight.truth(part) === holds);
  return decisive === undefined ? [] : causesOf(decisive, holds, sight);
}

const CONDITIONS: ReadonlySet<string> = new Set(["all", "any", "not", "truthy", "is", "isNot", "isSet", "between"]);

const isCondition = (expr: Expr | undefined): expr is Expr => expr !== undefined && CONDITIONS.has(expr.op);

/** The innermost part that raises where a predicate raises. */
export function raisingPart(part: Part, sight: Sight): Part {
  const { expr, bound } = part;
  if (expr.op === "let") {
    const be = { expr: expr.be, bound };
    if (raises(be, sight)) return raisingPart(be, sight);
    return raisingPart({ expr: expr.in, bound: [...bound, { as: expr.as, be: expr.be }] }, sight);
  }
  if (BINDING.has(expr.op)) {
    const source = "in" in expr ? { expr: expr.in, bound } : undefined;
    return source !== undefined && raises(source, sight) ? raisingPart(source, sight) : part;
  }
  const culprit = childrenOf(expr).find((child) => raises({ expr: child, bound }, sight));
  return culprit === undefined ? part : raisingPart({ expr: culprit, bound }, sight);
}

/** Their operands hold variables that have no value outside. */
const BINDING: ReadonlySet<string> = new Set(["every", "some", "count", "pairwise", "raises"]);

function raises(part: Part, sight: Sight): boolean {
  const outcome = sight.value(part);
  return isFault(outcome) && outcome.type === "raises";
}
