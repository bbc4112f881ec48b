import type { BetweenExpr, Bounds, IdentityExpr, MatchesExpr, RaisesExpr, TypeExpr } from "../expression.ts";
import {
  catches,
  EXCEPTION_NAMES,
  faultOf,
  isFault,
  isRaises,
  raises,
  tainted,
  unknown,
  type Outcome,
} from "../outcome.ts";
import { compilePattern } from "../pattern/pattern.ts";
import { quoted } from "../python/literal.ts";
import { isInstance, pythonClasses } from "../values/classes.ts";
import { order } from "../values/ordering.ts";
import { pythonLiteral } from "../python/literal.ts";
import type { Form } from "./form.ts";

const BOUNDS: readonly Bounds[] = ["[]", "[)", "(]", "()"];

/** The range test `low < of <= high`. */
export const BETWEEN: Form<BetweenExpr> = {
  meaning:
    "chained comparison `low <= x <= high`; of the bounds `[]` (usual), `[)`, `(]`, `()` a round one is left out",
  example: { between: [{ f: "top_p" }, 0, 1, "(]"] },
  isCondition: true,
  parse: (body, reader) => {
    const [of, low, high, bounds = "[]"] = reader.array(body, 3, 4);
    return {
      op: "between",
      of: reader.expr(of, 0),
      low: reader.expr(low, 1),
      high: reader.expr(high, 2),
      bounds: reader.choice(bounds, "bounds", BOUNDS),
    };
  },
  print: ({ of, low, high, bounds }, print) => [...[of, low, high].map(print), ...(bounds === "[]" ? [] : [bounds])],
  children: ({ of, low, high }) => [of, low, high],
  value: ({ of, low, high, bounds }, compiler) => {
    const [value, least, most] = [compiler.value(of), compiler.value(low), compiler.value(high)];
    const above = bounds.startsWith("[") ? "le" : "lt";
    const below = bounds.endsWith("]") ? "le" : "lt";
    return (frame) => {
      const start = least(frame);
      const at = isRaises(start) ? start : value(frame);
      const first = ordered(above, start, at);
      if (first === false || isRaises(first)) return first;
      const end = most(frame);
      if (first === true) return ordered(below, at, end);
      return first;
    };
  },
  python: ({ of, low, high, bounds }, render) => {
    const [above, below] = [bounds.startsWith("[") ? "<=" : "<", bounds.endsWith("]") ? "<=" : "<"];
    return `(${render(low)} ${above} ${render(of)} ${below} ${render(high)})`;
  },
};

const ordered = (comparison: "lt" | "le", a: Outcome, b: Outcome): Outcome =>
  isFault(a) || isFault(b) ? faultOf([a, b], false) : order(comparison, a, b);

const identity = (op: IdentityExpr["op"], same: boolean): Form<IdentityExpr> => ({
  meaning: same ? "identity with None, True or False: 0 is not False" : "no identity with None, True or False",
  example: { [op]: [{ f: "do_sample" }, false] },
  isCondition: true,
  parse: (body, reader) => {
    const [of, value] = reader.array(body, 2, 2);
    if (value !== null && typeof value !== "boolean") return reader.fail("identity is with null, true or false");
    return { op, of: reader.expr(of, 0), value };
  },
  print: ({ of, value }, print) => [print(of), value],
  children: ({ of }) => [of],
  value: ({ of, value }, compiler) => {
    const inner = compiler.value(of);
    return (frame) => {
      const outcome = inner(frame);
      return isFault(outcome) ? outcome : (outcome === value) === same;
    };
  },
  python: ({ of, value }, render) => `(${render(of)} is ${same ? "" : "not "}${pythonLiteral(value)})`,
});

/** Python's `is` with a singleton. */
export const IS: Form<IdentityExpr> = identity("is", true);

/** Python's `is not` with a singleton. */
export const IS_NOT: Form<IdentityExpr> = identity("isNot", false);

const CLASS = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

const typeTest = (op: TypeExpr["op"], exact: boolean): Form<TypeExpr> => ({
  meaning: exact
    ? "`type(x) in (...)`: the exact class"
    : "`isinstance(x, (...))` with int, float, bool, str, list, tuple, dict, set, frozenset, bytes, none or `pkg.Class`",
  example: { [op]: [{ f: "bits" }, "int", "float"] },
  isCondition: true,
  parse: (body, reader) => {
    const [of, ...classes] = reader.array(body, 2);
    return { op, of: reader.expr(of, 0), classes: classes.map((name) => reader.text(name, "class", CLASS)) };
  },
  print: ({ of, classes }, print) => [print(of), ...classes],
  children: ({ of }) => [of],
  value: ({ of, classes }, compiler) => {
    const inner = compiler.value(of);
    return (frame) => {
      const outcome = inner(frame);
      return isFault(outcome) ? outcome : isInstance(outcome, classes, exact);
    };
  },
  python: ({ of, classes }, render) =>
    exact
      ? `(type(${render(of)}) in ${pythonClasses(classes)})`
      : `isinstance(${render(of)}, ${pythonClasses(classes)})`,
});

/** Python's `isinstance`. */
export const TYPE: Form<TypeExpr> = typeTest("type", false);

/** A test of the exact class. */
export const EXACT_TYPE: Form<TypeExpr> = typeTest("exactType", true);

/** Whether an expression raises. */
export const RAISES: Form<RaisesExpr> = {
  meaning: "evaluating the operand raises the exception (or a subclass); any other exception goes on",
  example: { raises: [{ lt: [{ f: "max_new_tokens" }, 1] }, "TypeError"] },
  isCondition: true,
  parse: (body, reader) => {
    const [of, exception = "Exception"] = reader.array(body, 1, 2);
    return { op: "raises", of: reader.expr(of, 0), exception: reader.choice(exception, "exception", EXCEPTION_NAMES) };
  },
  print: ({ of, exception }, print) => (exception === "Exception" ? [print(of)] : [print(of), exception]),
  children: ({ of }) => [of],
  value: ({ of, exception }, compiler) => {
    const inner = compiler.value(of);
    return (frame) => {
      const outcome = inner(frame);
      if (!isFault(outcome)) return false;
      if (outcome.type === "unknown") return outcome.mayRaise ? outcome : false;
      const caught = catches(exception, outcome.exception);
      if (caught === undefined) return tainted(unknown("missing", "exception"));
      return caught ? true : outcome;
    };
  },
  python: ({ of, exception }, render) => `raises(lambda: ${render(of)}, ${exception})`,
};

/** A regular expression that the whole text matches. */
export const MATCHES: Form<MatchesExpr> = {
  meaning: "`re.fullmatch(pattern, x) is not None`; literals, classes, groups, `|`, `* + ? {m,n}` and `.` only",
  example: { matches: [{ f: "backend" }, "xgrammar(:[a-z-]+)?"] },
  isCondition: true,
  parse: (body, reader) => {
    const [of, source] = reader.array(body, 2, 2);
    const pattern = reader.text(source, "pattern", /^[^]{0,500}$/);
    const compiled = compilePattern(pattern);
    if (typeof compiled === "string") return reader.fail(compiled);
    return { op: "matches", of: reader.expr(of, 0), pattern };
  },
  print: ({ of, pattern }, print) => [print(of), pattern],
  children: ({ of }) => [of],
  value: ({ of, pattern }, compiler) => {
    const inner = compiler.value(of);
    const compiled = compilePattern(pattern);
    return (frame) => {
      const outcome = inner(frame);
      if (isFault(outcome)) return faultOf([outcome], false);
      if (typeof outcome !== "string" || typeof compiled === "string") return raises("TypeError");
      return compiled(outcome);
    };
  },
  python: ({ of, pattern }, render) => `(re.fullmatch(${quoted(pattern)}, ${render(of)}) is not None)`,
};
