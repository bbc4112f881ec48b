import { LemError } from "@lem/domain";
import type { Expr, OperatorExpr } from "../expression.ts";
import type { Reader } from "../forms/form.ts";
import { formFor, formOf } from "../forms/table.ts";
import { LIMITS } from "../limits.ts";
import { OPERATORS, type OperatorName } from "../operators/table.ts";
import { decodeValue } from "../values/tagged.ts";
import { list } from "../values/value.ts";

type Path = readonly (string | number)[];

/** What all readers of one predicate share. */
interface Budget {
  nodes: number;
}

interface Place {
  readonly path: Path;
  readonly scope: readonly string[];
  readonly budget: Budget;
}

/**
 * Reads a predicate from its JSON form (also what YAML yields, see `parsePredicateYaml`).
 * @throws LemError `config.predicate` for an unknown operator, a malformed operand, or one beyond the limits
 */
export function parsePredicate(json: unknown): Expr {
  return parseExpr(json, { path: [], scope: [], budget: { nodes: 0 } });
}

const fail = (path: Path, message: string): never => {
  const at = path.length === 0 ? "" : ` at ${path.join(".")}`;
  throw new LemError("config.predicate", `${message}${at}`, { context: { path: path.join(".") } });
};

function parseExpr(json: unknown, place: Place): Expr {
  const { path, budget } = place;
  budget.nodes += 1;
  if (budget.nodes > LIMITS.nodes || path.length > 3 * LIMITS.depth) return fail([], "the predicate is too large");
  if (Array.isArray(json)) return parseArray(json, place);
  if (json === null || typeof json !== "object" || "$py" in json) return parseConst(json, path);
  const entries = Object.entries(json);
  const [key, body] = entries[0] ?? [""];
  if (entries.length !== 1) return fail(path, `an expression has one key, not ${entries.length}`);
  const inner = { ...place, path: [...path, key] };
  const form = formOf(key);
  if (form !== undefined)
    return (formFor(form) as NonNullable<ReturnType<typeof formFor>>).parse(body, readerAt(inner));
  if (Object.hasOwn(OPERATORS, key)) return parseOperator(key as OperatorName, body, inner);
  return fail(path, `there is no operator ${JSON.stringify(key)}`);
}

function parseConst(json: unknown, path: Path): Expr {
  try {
    return { op: "const", value: decodeValue(json) };
  } catch (error) {
    return fail(path, error instanceof LemError ? error.message : String(error));
  }
}

/** An array of plain values is a constant list, any other one the display of a list. */
function parseArray(items: readonly unknown[], place: Place): Expr {
  const args = items.map((item, index) => parseExpr(item, { ...place, path: [...place.path, index] }));
  const values = args.flatMap((arg) => (arg.op === "const" ? [arg.value] : []));
  return values.length === args.length ? { op: "const", value: list(values) } : { op: "list", args };
}

/** An operator of one operand takes it as it is; all others take a list. */
function parseOperator(op: OperatorName, body: unknown, place: Place): OperatorExpr {
  const { operands } = OPERATORS[op];
  const reader = readerAt(place);
  if (operands === 1) return { op, args: [reader.expr(body)] };
  const least = operands === 2 ? 2 : operands === "some" ? 1 : 0;
  const items = reader.array(body, least, operands === 2 ? 2 : undefined);
  return { op, args: items.map((item, index) => reader.expr(item, index)) };
}

function readerAt(place: Place): Reader {
  const refuse = (message: string): never => fail(place.path, message);
  const text: Reader["text"] = (json, what, accepts = /^/) =>
    typeof json === "string" && accepts.test(json) ? json : refuse(`${JSON.stringify(json)} is no ${what}`);
  return {
    expr: (json, ...path) => parseExpr(json, { ...place, path: [...place.path, ...path] }),
    scoped: (names, json, ...path) =>
      parseExpr(json, { ...place, scope: [...place.scope, ...names], path: [...place.path, ...path] }),
    array: (json, least = 0, most = Infinity) => {
      if (!Array.isArray(json)) return refuse("a list of operands is needed");
      return json.length < least || json.length > most
        ? refuse(`${json.length} operands are too few or too many`)
        : json;
    },
    object: (json, keys) => objectWith(json, keys, refuse),
    text,
    choice: (json, what, choices) =>
      choices.find((choice) => choice === json) ??
      refuse(`${JSON.stringify(json)} is no ${what}: ${choices.join(", ")}`),
    variable: (json) => {
      const name = text(json, "variable");
      return place.scope.includes(name) ? name : refuse(`no variable ${JSON.stringify(name)} is bound here`);
    },
    fail: refuse,
  };
}

function objectWith<K extends string>(
  json: unknown,
  keys: readonly K[],
  refuse: (message: string) => never,
): Readonly<Record<K, unknown>> {
  const given = json !== null && typeof json === "object" && !Array.isArray(json) ? Object.keys(json) : [];
  if (given.length !== keys.length || !keys.every((key) => given.includes(key)))
    return refuse(`the keys ${keys.join(", ")} are needed, and no others`);
  return json as Readonly<Record<K, unknown>>;
}
