import { printPredicate, type Expr } from "@lem/config/invariants";
import { canonicalJson, sha256, type JsonValue } from "@lem/domain";

/** Operators whose operands may change places without another result, apart from which of them raises first. */
const COMMUTATIVE: ReadonlySet<string> = new Set(["all", "any", "eq", "ne", "mul", "min", "max", "disjoint"]);

/** Comparisons that are written the other way round. */
const ORIENTED: Readonly<Record<string, string>> = { gt: "lt", ge: "le" };

/** Words for the opposite, under `not`. */
const NEGATED: Readonly<Record<string, string>> = { ne: "eq", notIn: "in", isNot: "is" };

/** A predicate in the one form that all ways of writing it share, for identity only. */
export const canonicalForm = (when: Expr): JsonValue => canonical(printPredicate(when), new Map());

type Names = ReadonlyMap<string, string>;

function canonical(json: JsonValue, names: Names): JsonValue {
  if (Array.isArray(json)) return json.map((item: JsonValue) => canonical(item, names));
  if (json === null || typeof json !== "object") return json;
  const entries = Object.entries(json);
  const [op, body] = entries[0] ?? ["", null];
  if (entries.length !== 1 || "$py" in json) return literal(json as Readonly<Record<string, JsonValue>>);
  if (op === "v") return { v: names.get(textOf(body)) ?? textOf(body) };
  if (op === "not") return negation(canonical(body, names));
  if (op === "notNone") return { not: { is: [canonical(body, names), null] } };
  if (op === "truthy") return canonical(body, names);
  return operator(op, body, names);
}

const textOf = (json: JsonValue): string => (typeof json === "string" ? json : "");

/** 1.0 and 1 compare alike. */
function literal(json: Readonly<Record<string, JsonValue>>): JsonValue {
  const whole = json["$py"] === "float" ? Number(json["value"]) : Number.NaN;
  return Number.isSafeInteger(whole) ? whole : json;
}

function negation(of: JsonValue): JsonValue {
  const inner = of !== null && typeof of === "object" && !Array.isArray(of) ? Object.entries(of)[0] : undefined;
  if (inner === undefined) return { not: of };
  const [op, body] = inner;
  if (op === "not") return body;
  const dual = op === "all" ? "any" : op === "any" ? "all" : undefined;
  return dual === undefined || !Array.isArray(body) ? { not: of } : joined(dual, body.map(negation));
}

function operator(op: string, body: JsonValue, names: Names): JsonValue {
  if (body !== null && typeof body === "object" && "as" in body) return binding(op, body, names);
  const operands = canonical(body, names);
  const positive = NEGATED[op];
  if (positive !== undefined) return negation(arranged(positive, operands));
  return arranged(op, operands);
}

function arranged(op: string, operands: JsonValue): JsonValue {
  if (!Array.isArray(operands)) return { [op]: operands };
  if (op === "all" || op === "any") return joined(op, operands);
  if (op === "between") return range(operands);
  const turned = ORIENTED[op];
  if (turned !== undefined) return { [turned]: operands.toReversed() };
  return { [op]: COMMUTATIVE.has(op) ? sorted(operands) : operands };
}

const sorted = (items: readonly JsonValue[]): readonly JsonValue[] =>
  items.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));

/** Nested and repeated operands of one junction are one. */
function joined(op: string, operands: readonly JsonValue[]): JsonValue {
  const flat = operands.flatMap((each) => {
    const nested =
      each !== null && typeof each === "object" && op in each ? (each as { [op]: JsonValue })[op] : undefined;
    return Array.isArray(nested) ? (nested as readonly JsonValue[]) : [each];
  });
  const unique = [...new Map(flat.map((each) => [canonicalJson(each), each])).values()];
  const [only] = unique;
  return unique.length === 1 && only !== undefined ? only : { [op]: sorted(unique) };
}

function range([of = null, low = null, high = null, bounds = "[]"]: readonly JsonValue[]): JsonValue {
  const [open, shut] = textOf(bounds);
  return joined("all", [{ [open === "(" ? "lt" : "le"]: [low, of] }, { [shut === ")" ? "lt" : "le"]: [of, high] }]);
}

/** Variables are named by their depth. */
function binding(op: string, body: object, names: Names): JsonValue {
  const parts = body as Readonly<Record<string, JsonValue>>;
  const own = [parts["as"] ?? ""].flat().map((name, at) => [textOf(name), `x${names.size + at}`] as const);
  const inner = new Map([...names, ...own]);
  const { as: _, ...rest } = parts;
  const renamed = Object.entries(rest).map(([key, part]) => [
    key,
    canonical(part, key === "that" || (op === "let" && key === "in") ? inner : names),
  ]);
  return { [op]: { ...(Object.fromEntries(renamed) as object), as: own.map(([, name]) => name) } };
}

/** What makes a rule the same rule in another version: the class, what happens, and under which condition. */
export const semanticId = (rule: {
  readonly engine: string;
  readonly entry: string;
  readonly outcome: string;
  readonly when: Expr;
}): string => sha256(canonicalJson({ ...rule, when: canonicalForm(rule.when) }));

/** What makes a changed rule the successor of another: the class, how it shows, where, and which fields it reads. */
export const siteKey = (site: {
  readonly entry: string;
  readonly channel: string;
  readonly qualname: string;
  readonly reads: readonly string[];
}): string => sha256(canonicalJson({ ...site, reads: site.reads.toSorted() })).slice(0, 12);
