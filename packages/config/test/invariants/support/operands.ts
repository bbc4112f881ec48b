import type { Expr, PyValue } from "../../../src/invariants/index.ts";
import type { OperatorName } from "../../../src/invariants/operators/table.ts";
import type { ExceptionName } from "../../../src/invariants/outcome.ts";
import type { Kind } from "./pools.ts";

export const UNUSUAL_FACTORS: readonly PyValue[] = [
  null,
  { type: "float", value: 0.5 },
  { type: "float", value: 2 },
  true,
];
export const CLASSES: readonly string[] = [
  "int",
  "float",
  "bool",
  "str",
  "list",
  "tuple",
  "dict",
  "set",
  "frozenset",
  "bytes",
  "none",
  "object",
];
export const EXCEPTIONS: readonly ExceptionName[] = [
  "Exception",
  "TypeError",
  "TypeError",
  "ValueError",
  "ZeroDivisionError",
  "LookupError",
  "ArithmeticError",
  "KeyError",
];
export const PATTERNS: readonly string[] = [
  "[a-z]+",
  "xgrammar(:[a-z-]+)?",
  "(a|b)*",
  "[^a]*",
  ".",
  "[0-9]+(,[0-9]+(-[0-9]+)?)*",
  "a{1,2}b?",
  ".*[.\\-x].*",
  "(?:a|ab)(?:c|bcd)?",
  "",
];

const BINARY_NUMBERS: readonly (readonly Kind[])[] = [
  ["number", "number"],
  ["number", "number"],
  ["small", "small"],
];
const COMPARABLE: readonly (readonly Kind[])[] = [
  ...BINARY_NUMBERS,
  ["text", "text"],
  ["sequence", "sequence"],
  ["set", "set"],
  ["any", "any"],
];

/** The kinds of operands that an operator is made for. */
export const OPERANDS: Partial<Record<OperatorName, readonly (readonly Kind[])[]>> = {
  eq: [...COMPARABLE, ["dict", "dict"]],
  ne: [...COMPARABLE, ["dict", "dict"]],
  lt: COMPARABLE,
  le: COMPARABLE,
  gt: COMPARABLE,
  ge: COMPARABLE,
  in: [
    ["number", "bytes"],
    ["small", "sequence"],
    ["text", "text"],
    ["text", "dict"],
    ["small", "set"],
    ["any", "sequence"],
    ["number", "sequence"],
    ["any", "any"],
  ],
  notIn: [
    ["small", "sequence"],
    ["text", "text"],
    ["text", "dict"],
    ["small", "set"],
    ["any", "sequence"],
  ],
  subset: [
    ["sequence", "sequence"],
    ["set", "set"],
    ["sequence", "set"],
    ["text", "text"],
  ],
  disjoint: [
    ["sequence", "sequence"],
    ["set", "set"],
    ["sequence", "set"],
    ["dict", "sequence"],
  ],
  add: [...BINARY_NUMBERS, ["text", "text"], ["sequence", "sequence"]],
  sub: [...BINARY_NUMBERS, ["set", "set"]],
  div: BINARY_NUMBERS,
  floordiv: BINARY_NUMBERS,
  mod: BINARY_NUMBERS,
  neg: [["number"]],
  abs: [["number"]],
  min: [["sequence"], ["sequence"], ["set"], ["text"]],
  max: [["sequence"], ["sequence"], ["set"], ["text"]],
  sum: [["sequence"], ["sequence"], ["set"]],
  len: [["sequence"], ["text"], ["dict"], ["set"], ["any"]],
  sorted: [["sequence"], ["set"], ["text"]],
  unique: [["sequence"], ["set"], ["text"]],
  distinct: [["sequence"], ["sequence"], ["text"], ["dict"]],
  lengths: [["sequence"], ["text"], ["dict"], ["set"]],
  index: [
    ["sequence", "small"],
    ["sequence", "small"],
    ["text", "small"],
    ["dict", "small"],
    ["dict", "text"],
  ],
  get: [
    ["dict", "small"],
    ["dict", "text", "any"],
    ["dict", "any"],
  ],
  keys: [["dict"]],
  values: [["dict"]],
  items: [["dict"]],
  zip: [
    ["sequence", "sequence"],
    ["text", "sequence"],
    ["dict", "sequence"],
  ],
  startsWith: [
    ["bytes", "bytes"],
    ["bytes", "text"],
    ["text", "text"],
    ["text", "text"],
    ["text", "sequence"],
  ],
  endsWith: [
    ["text", "text"],
    ["text", "text"],
    ["text", "sequence"],
  ],
  lower: [["text"]],
  int: [["number"], ["text"], ["any"]],
  str: [["number"], ["text"], ["any"]],
  upper: [["text"]],
  strip: [["text"]],
};

const NUMBERS: readonly Expr["op"][] = [
  "add",
  "sub",
  "mul",
  "div",
  "floordiv",
  "mod",
  "neg",
  "abs",
  "len",
  "min",
  "max",
  "sum",
  "count",
  "index",
  "ite",
];
const CONDITIONS: readonly Expr["op"][] = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "in",
  "notIn",
  "between",
  "is",
  "isNot",
  "type",
  "not",
  "all",
  "any",
  "isSet",
  "isDefault",
  "truthy",
  "notNone",
  "some",
  "every",
  "raises",
  "startsWith",
];

/** What makes a value of a kind. */
export const PRODUCERS: Readonly<Record<Kind, readonly Expr["op"][]>> = {
  number: NUMBERS,
  small: ["len", "add", "sub", "count", "mod", "min"],
  text: ["str", "lower", "upper", "strip", "add", "index", "get", "any"],
  bool: CONDITIONS,
  sequence: [
    "list",
    "tuple",
    "list",
    "tuple",
    "keys",
    "values",
    "items",
    "sorted",
    "zip",
    "add",
    "distinct",
    "lengths",
  ],
  bytes: ["lower", "upper", "strip"],
  dict: ["field", "fact", "ite", "any"],
  set: ["unique", "set", "sub"],
  any: [...NUMBERS, "let", "get", "index", "all", "any"],
};

/** Operators that compare their two operands. */
export const COMPARISONS: ReadonlySet<string> = new Set(["eq", "ne", "lt", "le", "gt", "ge"]);
