import { canonicalJson } from "@lem/domain";
import { decodeValue, float, isFloat, isObject, type Expr, type PyValue } from "@lem/config/invariants";
import type { Constraints, CoreShape, TextChanges } from "../probe/description.ts";
import { all, any, apply, constantOf, either, isExactly, isType, matches, not, unknown, value } from "./build.ts";
import { refused, type Given, type Lifted } from "./lifted.ts";

/** How pydantic reads a whole number from a text: one `_` between digits, a fraction of zeros. */
const INT_TEXT = "[+-]?[0-9]+(_[0-9]+)*(\\.0+)?";
const FLOAT_TEXT =
  "[+-]?(([0-9]+(_[0-9]+)*\\.?|\\.[0-9]+|[0-9]+(_[0-9]+)*\\.[0-9]+(_[0-9]+)*)([eE][+-]?[0-9]+(_[0-9]+)*)?|[nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)";
const TRUE_WORDS = ["1", "on", "t", "true", "y", "yes"];
const FALSE_WORDS = ["0", "off", "f", "false", "n", "no"];
const INFINITE = value(float(Number.POSITIVE_INFINITY));
const INT_LIMIT = value(float(2 ** 63));

/** Bytes are read as text; the language has no such step. */
const BYTES = "bytes read as text";

type Facts<T extends CoreShape["type"]> = CoreShape & { readonly type: T };

/** `None` alone. */
export function liftNone({ of }: Given): Lifted {
  const same: Expr = { op: "is", of, value: null };
  return { errors: new Map([["none_required", not(same)]]), value: of, same, strict: same };
}

/** bool: numbers 0 and 1 and a few words are read as one. */
export function liftBool({ strict }: Constraints, given: Given): Lifted {
  const { of } = given;
  const same = isType(of, "bool");
  if (strict ?? given.strict) return strictly(same, of, "bool_type");
  const number = isType(of, "int", "float");
  const whole = all(
    number,
    apply("lt", apply("abs", of), INT_LIMIT),
    apply("eq", apply("mod", of, value(1)), value(0)),
  );
  const word = isType(of, "str");
  const words = (texts: readonly string[]): Expr =>
    apply("in", apply("lower", of), value({ type: "tuple", items: texts }));
  const parsing = any(
    all(whole, apply("notIn", of, value({ type: "tuple", items: [0, 1] }))),
    all(word, not(words([...TRUE_WORDS, ...FALSE_WORDS]))),
    all(isType(of, "bytes"), unknown(BYTES)),
  );
  return {
    errors: new Map([
      ["bool_type", not(any(isType(of, "bool", "str", "bytes"), whole))],
      ["bool_parsing", all(not(same), parsing)],
    ]),
    value: either(same, of, either(word, words(TRUE_WORDS), either(number, apply("eq", of, value(1)), unknown(BYTES)))),
    same,
    strict: same,
  };
}

/** int: whole floats and texts of digits are read as one. */
export function liftInt(facts: Facts<"int">, given: Given): Lifted {
  const { of } = given;
  const same = isExactly(of, "int");
  const plain = (facts.strict ?? given.strict) ? strictly(same, of, "int_type") : laxInt(of, same);
  return bounded(plain, facts, of);
}

function laxInt(of: Expr, same: Expr): Lifted {
  const real = isType(of, "float");
  const finite = apply("lt", apply("abs", of), INFINITE);
  const whole = apply("eq", apply("mod", of, value(1)), value(0));
  const fits: Expr = { op: "between", of, low: apply("neg", INT_LIMIT), high: INT_LIMIT, bounds: "[)" };
  return {
    errors: new Map([
      ["int_type", not(isType(of, "int", "float", "str", "bytes"))],
      ["finite_number", all(real, not(finite))],
      ["int_from_float", all(real, finite, not(whole))],
      ["int_parsing_size", all(real, finite, whole, not(fits))],
      ["int_parsing", unreadable(of, INT_TEXT)],
    ]),
    value: either(isType(of, "int"), apply("add", of, value(0)), unknown("int() of a float or text")),
    same,
    strict: same,
  };
}

/** float: ints and texts are read as one. */
export function liftFloat(facts: Facts<"float">, given: Given): Lifted {
  const { of } = given;
  const same = isExactly(of, "float");
  const strict = isExactly(of, "float", "int");
  const number = isType(of, "int", "float");
  const lax = {
    errors: new Map([
      ["float_type", not(isType(of, "int", "float", "str", "bytes"))],
      ["float_parsing", unreadable(of, FLOAT_TEXT)],
    ]),
    value: either(same, of, either(number, apply("mul", of, value(float(1))), unknown("float() of a text"))),
    same,
    strict,
  };
  const refusing = { ...lax, errors: new Map([["float_type", not(strict)]]) };
  const plain = (facts.strict ?? given.strict) ? refusing : lax;
  const endless = ofNumber(of, not(apply("lt", apply("abs", of), INFINITE)));
  const checked = facts.allow_inf_nan === false ? withError(plain, "finite_number", endless) : plain;
  return bounded(checked, facts, of);
}

/** str: bytes are read as one. */
export function liftText(facts: Constraints & TextChanges, given: Given): Lifted {
  const { of } = given;
  const text = isType(of, "str");
  const lax = !(facts.strict ?? given.strict);
  const changed = changedText(facts, of);
  const errors = new Map([["string_type", not(lax ? isType(of, "str", "bytes") : text)]]);
  if (lax) errors.set("string_unicode", all(isType(of, "bytes"), unknown(BYTES)));
  const told = (when: Expr): Expr =>
    lax ? any(all(text, when), all(isType(of, "bytes"), unknown(BYTES))) : all(text, when);
  for (const [type, when] of textErrors(facts, changed)) errors.set(type, told(when));
  const same = changed === of ? text : all(text, apply("eq", changed, of));
  return { errors, value: lax ? either(text, changed, unknown(BYTES)) : changed, same, strict: text };
}

function changedText({ strip_whitespace, to_lower, to_upper }: TextChanges, of: Expr): Expr {
  const stripped = strip_whitespace === true ? apply("strip", of) : of;
  const lowered = to_lower === true ? apply("lower", stripped) : stripped;
  return to_upper === true ? apply("upper", lowered) : lowered;
}

/** One error at most: the first of these. */
function textErrors({ min_length, max_length, pattern }: Constraints, text: Expr): readonly [string, Expr][] {
  const length = apply("len", text);
  const found: [string, Expr][] = [];
  const push = (type: string, when: Expr): void => {
    found.push([type, all(...found.map(([, earlier]) => not(earlier)), when)]);
  };
  if (min_length !== undefined) push("string_too_short", apply("lt", length, value(min_length)));
  if (max_length !== undefined) push("string_too_long", apply("gt", length, value(max_length)));
  const anchored = /^\^([^]*[^\\])\$$/.exec(pattern ?? "")?.[1];
  if (pattern !== undefined)
    push(
      "string_pattern_mismatch",
      anchored === undefined ? unknown("search of a pattern") : not(matches(text, anchored)),
    );
  return found;
}

/** bytes: texts are read as some. */
export function liftBytes(facts: Constraints, given: Given): Lifted {
  const { of } = given;
  const same = isType(of, "bytes");
  if (facts.strict ?? given.strict) return strictly(same, of, "bytes_type");
  return {
    errors: new Map([["bytes_type", not(isType(of, "bytes", "str"))]]),
    value: either(same, of, unknown("bytes of a text")),
    same,
    strict: same,
  };
}

/** One of a few values; numbers by value, whatever their types. */
export function liftLiteral({ values }: Facts<"literal">, given: Given): Lifted {
  return oneOf(values.map(decodeValue), (constant) => constant, given, "literal_error");
}

/** An Enum: a member, or the value of one. */
export function liftEnum(facts: Facts<"enum">, given: Given): Lifted {
  const member = isType(given.of, facts.class);
  if (facts.strict ?? given.strict) return strictly(member, given.of, "is_instance_of");
  const names = Object.keys(facts.members);
  const bytes = facts.mro.includes("str") ? isType(given.of, "bytes") : value(false);
  const values = names.map((name) => decodeValue(facts.values[name]));
  const members = names.map((name) => decodeValue(facts.members[name]));
  const found = oneOf(values, (_, place) => members[place] ?? null, given, "enum");
  const errors = new Map(
    [...found.errors].map(([type, when]) => [type, all(not(member), either(bytes, unknown(BYTES), when))] as const),
  );
  // A member of a class that is also a built-in type has the form of its value.
  const plain = canonicalJson(facts.members) === canonicalJson(facts.values);
  const same = plain ? any(member, found.same) : member;
  return { errors, value: either(same, given.of, either(bytes, unknown(BYTES), found.value)), same, strict: member };
}

function oneOf(
  values: readonly PyValue[],
  become: (constant: PyValue, place: number) => PyValue,
  { of }: Given,
  type: string,
): Lifted {
  if (values.some((constant) => isObject(constant))) return { ...strictly(unknown("identity of an object"), of, type) };
  const known = apply("in", of, value({ type: "tuple", items: values }));
  const chosen = values
    .map((constant, place) => [constant, value(become(constant, place))] as const)
    .reduceRight<Expr>((rest, [constant, made]) => either(apply("eq", of, value(constant)), made, rest), of);
  const same = all(known, sameTypes(values, of));
  const textsOnly = values.every((constant) => typeof constant === "string" && become(constant, 0) === constant);
  const huge = values.some((constant) => typeof constant === "number") ? hugeInt(of) : value(false);
  const errors = new Map([[type, all(not(huge), not(known))]]);
  if (constantOf(huge) === undefined) errors.set("int_parsing_size", huge);
  return { errors, value: textsOnly ? of : chosen, same, strict: same };
}

/** An int that the validator's look-up cannot hold. */
const hugeInt = (of: Expr): Expr =>
  all(isType(of, "int"), not({ op: "between", of, low: apply("neg", INT_LIMIT), high: INT_LIMIT, bounds: "[)" }));

function sameTypes(values: readonly PyValue[], of: Expr): Expr {
  const names = new Set(values.map((constant) => nameOf(constant)));
  return isExactly(of, ...names);
}

function nameOf(constant: PyValue): string {
  if (constant === null) return "none";
  if (isFloat(constant)) return "float";
  if (typeof constant === "object") return constant.type;
  return { boolean: "bool", number: "int", bigint: "int", string: "str" }[typeof constant as "string"] ?? "object";
}

/** A validator that takes one type and nothing else. */
export const strictly = (same: Expr, of: Expr, type: string): Lifted => ({
  errors: new Map([[type, not(same)]]),
  value: of,
  same,
  strict: same,
});

const unreadable = (of: Expr, pattern: string): Expr =>
  any(all(isType(of, "str"), not(matches(apply("strip", of), pattern))), all(isType(of, "bytes"), unknown(BYTES)));

/** An error that is looked for where there is none before. */
export function withError(lifted: Lifted, type: string, when: Expr): Lifted {
  const late = all(not(refused(lifted)), when);
  return { ...lifted, errors: new Map([...lifted.errors, [type, late]]), refused: undefined };
}

const ofNumber = (of: Expr, when: Expr): Expr =>
  either(isType(of, "int", "float"), when, unknown("a number read from a text"));

const BOUNDS = [
  ["multiple_of", "multiple_of", "eq"],
  ["le", "less_than_equal", "le"],
  ["lt", "less_than", "lt"],
  ["ge", "greater_than_equal", "ge"],
  ["gt", "greater_than", "gt"],
] as const;

/** Bounds of a number, in pydantic's order: the first that fails is told. NaN is within none. */
function bounded(plain: Lifted, facts: Constraints, of: Expr): Lifted {
  let lifted = plain;
  for (const [fact, type, operator] of BOUNDS) {
    const bound = facts[fact];
    if (bound === undefined) continue;
    const limit = value(decodeValue(bound));
    const holds = fact === "multiple_of" ? apply("eq", apply("mod", of, limit), value(0)) : apply(operator, of, limit);
    lifted = withError(lifted, type, ofNumber(of, not(holds)));
  }
  return lifted;
}
