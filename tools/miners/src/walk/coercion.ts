import type { Expr as Predicate } from "@lem/config/invariants";
import type { Expr } from "../syntax/expressions.ts";
import { choose, CONVERTED, typed, unknown } from "./expr/terms.ts";
import { lastName } from "../modules/bindings.ts";

/** Types whose values a validating constructor leaves as they are; a number that counts as another is equal to it. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  int: ["int", "float"],
  float: ["int", "float"],
  bool: ["bool"],
  str: ["str"],
  bytes: ["bytes"],
  list: ["list"],
  List: ["list"],
  dict: ["dict"],
  Dict: ["dict"],
  tuple: ["tuple"],
  set: ["set"],
  None: ["none"],
};

/** What a validating constructor makes of a value: itself where its type is the field's, else what is not told here. */
export function coerced(value: Predicate, annotation: Expr | null): Predicate {
  const types = annotation === null ? undefined : keptBy(annotation);
  if (types === undefined) return value;
  return choose(typed(value, types), value, unknown(CONVERTED));
}

/** The types that an annotation keeps; undefined where it keeps everything or is not known. */
function keptBy(annotation: Expr): readonly string[] | undefined {
  switch (annotation.kind) {
    case "Name":
      return Object.hasOwn(KEPT, annotation.id) ? KEPT[annotation.id] : undefined;
    case "Constant":
      return annotation.literal.type === "none" ? ["none"] : undefined;
    case "BinOp":
      return union([annotation.left, annotation.right]);
    case "Subscript": {
      const name = lastName(annotation.value);
      if (name === "Optional")
        return union([annotation.slice, { kind: "Constant", span: annotation.span, literal: { type: "none" } }]);
      if (name === "Union")
        return annotation.slice.kind === "Tuple" ? union(annotation.slice.elts) : keptBy(annotation.slice);
      return keptBy(annotation.value);
    }
    default:
      return undefined;
  }
}

function union(options: readonly Expr[]): readonly string[] | undefined {
  const found = options.map(keptBy);
  return found.every((each) => each !== undefined) ? [...new Set(found.flat())] : undefined;
}
