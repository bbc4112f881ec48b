import { LemError } from "@lem/domain";
import type { Expr, OperatorExpr } from "../expression.ts";
import type { Reader } from "../forms/form.ts";
import { formFor, formOf } from "../forms/table.ts";
import { LIMITS } from "../limits.ts";
import { OPERATORS, type OperatorName } from "../operators/table.ts";
import { decodeValue } from "../values/tagged.ts";
import { list } from "../values/value.ts";

/** Where a reader stands, innermost step first; made for every part of a predicate, and told only when one is wrong. */
interface Path {
  readonly step: string | number;
  readonly above: Path | undefined;
  readonly length: number;
}

const below = (above: Path | undefined, step: string | number): Path => ({
  step,
  above,
  length: (above?.length ?? 0) + 1,
});

function pathText(path: Path | undefined): string {
  const steps: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.above) steps.unshift(at.step);
  return steps.join(".");
}

/** What all readers of one predicate share. */
interface Budget {
  nodes: number;
}

interface Place {
  readonly path: Path | undefined;
  readonly scope: readonly string[];
  readonly budget: Budget;
}

/**
 * Reads a predicate from its JSON form (also what YAML yields, see `parsePredicateYaml`).
 * @throws LemError `config.predicate` for an unknown operator, a malformed operand, or one beyond the limits
 */
export function parsePredicate(json: unknown): Expr {
  return parseExpr(json, { path: undefined, scope: [], budget: { nodes: 0 } });
}

const fail = (path: Path | undefined, message: string): never => {
  const text = pathText(path);
  throw new LemError("config.predicate", `${message}${text === "" ? "" : ` at ${text}`}`, { context: { path: text } });
};

function parseExpr(json: unknown, place: Place): Expr {
  const { path, budget } = place;
  budget.nodes += 1;
  if (budget.nodes > LIMITS.nodes || (path?.length ?? 0) > 3 * LIMITS.depth)
    return fail(undefined, "the predicate is too large");
  if (Array.isArray(json)) return parseArray(json, place);
  if (json === null || typeof json !== "object" || "$py" in json) return parseConst(json, path);
  return parseKeyed(json as Readonly<Record<string, unknown>>, place);
}

function parseKeyed(json: Readonly<Record<string, unknown>>, { path, scope, budget }: Place): Expr {
  const keys = Object.keys(json);
  const [key = ""] = keys;
  if (keys.length !== 1) return fail(path, `an expression has one key, not ${keys.length}`);
  const body = json[key];
  const reader = new JsonReader({ path: below(path, key), scope, budget });
  const form = formOf(key);
  if (form !== undefined) return (formFor(form) as NonNullable<ReturnType<typeof formFor>>).parse(body, reader);
  if (Object.hasOwn(OPERATORS, key)) return parseOperator(key as OperatorName, body, reader);
  return fail(path, `there is no operator ${JSON.stringify(key)}`);
}

function parseConst(json: unknown, path: Path | undefined): Expr {
  try {
    return { op: "const", value: decodeValue(json) };
  } catch (error) {
    return fail(path, error instanceof LemError ? error.message : String(error));
  }
}

/** An array of plain values is a constant list, any other one the display of a list. */
function parseArray(items: readonly unknown[], place: Place): Expr {
  const args = items.map((item, index) => parseExpr(item, { ...place, path: below(place.path, index) }));
  const values = args.flatMap((arg) => (arg.op === "const" ? [arg.value] : []));
  return values.length === args.length ? { op: "const", value: list(values) } : { op: "list", args };
}

/** An operator of one operand takes it as it is; all others take a list. */
function parseOperator(op: OperatorName, body: unknown, reader: Reader): OperatorExpr {
  const { operands } = OPERATORS[op];
  if (operands === 1) return { op, args: [reader.expr(body)] };
  const least = operands === 2 ? 2 : operands === "some" ? 1 : 0;
  const items = reader.array(body, least, operands === 2 ? 2 : undefined);
  return { op, args: items.map((item, index) => reader.expr(item, index)) };
}

class JsonReader implements Reader {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  expr(json: unknown, ...path: readonly (string | number)[]): Expr {
    return this.scoped([], json, ...path);
  }

  scoped(names: readonly string[], json: unknown, ...path: readonly (string | number)[]): Expr {
    const { scope, budget } = this.#place;
    const at = path.reduce<Path | undefined>(below, this.#place.path);
    return parseExpr(json, { path: at, scope: names.length === 0 ? scope : [...scope, ...names], budget });
  }

  array(json: unknown, least = 0, most = Infinity): readonly unknown[] {
    if (!Array.isArray(json)) return this.fail("a list of operands is needed");
    if (json.length < least || json.length > most) return this.fail(`${json.length} operands are too few or too many`);
    return json;
  }

  object<K extends string>(json: unknown, keys: readonly K[]): Readonly<Record<K, unknown>> {
    return objectWith(json, keys, (message) => this.fail(message));
  }

  text(json: unknown, what: string, accepts?: RegExp): string {
    if (typeof json === "string" && accepts?.test(json) !== false) return json;
    return this.fail(`${JSON.stringify(json)} is no ${what}`);
  }

  choice<T extends string>(json: unknown, what: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === json);
    return found ?? this.fail(`${JSON.stringify(json)} is no ${what}: ${choices.join(", ")}`);
  }

  variable(json: unknown): string {
    const name = this.text(json, "variable");
    return this.#place.scope.includes(name) ? name : this.fail(`no variable ${JSON.stringify(name)} is bound here`);
  }

  fail(message: string): never {
    return fail(this.#place.path, message);
  }
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
