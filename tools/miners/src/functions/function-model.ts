import type { PyValue } from "@lem/config/invariants";
import { decodeValue } from "@lem/config/invariants";
import type { EntryModel, EntryParameter } from "../candidates/candidate.ts";
import type { FunctionInfo } from "../modules/definitions.ts";
import type { ModuleIndex } from "../modules/module-index.ts";
import type { Expr, ExprOf } from "../syntax/expressions.ts";
import { everyNodeOf } from "../syntax/inside.ts";
import { valueOfLiteral } from "../syntax/literal-value.ts";
import type { TargetFunction } from "../targets/target.ts";
import { constant } from "../walk/expr/intern.ts";
import { unknown } from "../walk/expr/terms.ts";

/**
 * What the source says of a function whose keywords are mined: those of the target's keywords that this version names,
 * with their defaults. There are no candidates: what such a function does to a keyword hangs on files that it reads, so
 * that a walk would come to `unknown` before the first place; the proof learns conditions from refusals.
 */
export function functionModel(target: TargetFunction, index: ModuleIndex): EntryModel {
  const named = new Map(
    target.named_by.toReversed().flatMap((name) => {
      const found = index.find(name);
      return found?.kind === "function" ? keywordsOf(found) : [];
    }),
  );
  const parameters = Object.keys(target.keywords).flatMap((name): readonly EntryParameter[] =>
    named.has(name) ? [{ name, default: defaultOf(named.get(name) ?? null) }] : [],
  );
  return {
    entry: target.name,
    parameters,
    unknownKeys: "accept",
    candidates: [],
    effective: {},
    findings: [],
    facts: {},
  };
}

/** The target's own values for a function's keywords. */
export const samplesOf = (target: TargetFunction): ReadonlyMap<string, readonly PyValue[]> =>
  new Map(Object.entries(target.keywords).map(([name, values]) => [name, values.map(decodeValue)]));

type Named = readonly [name: string, otherwise: Expr | null];

/** The parameters of a function, and what its body takes out of its other keywords. */
function keywordsOf({ node }: FunctionInfo): readonly Named[] {
  const declared = node.params.flatMap((param): readonly Named[] =>
    param.role === "any" || param.role === "keyword" ? [[param.name, param.default]] : [],
  );
  const others = node.params.find(({ role }) => role === "kwargs")?.name;
  const taken = [...everyNodeOf(node.body)].flatMap((each) => (each.kind === "Call" ? takenBy(each, others) : []));
  return [...taken, ...declared];
}

function takenBy({ func, args: [key, otherwise] }: ExprOf<"Call">, others: string | undefined): readonly Named[] {
  if (func.kind !== "Attribute" || !["pop", "get"].includes(func.attr)) return [];
  if (func.value.kind !== "Name" || func.value.id !== others) return [];
  return key?.kind === "Constant" && key.literal.type === "str" ? [[key.literal.value, otherwise ?? null]] : [];
}

/** `kwargs.get(name)` gives None; a default that is no literal is not known. */
function defaultOf(otherwise: Expr | null): NonNullable<EntryParameter["default"]> {
  const value = otherwise === null ? null : valueOfLiteral(otherwise);
  return value === undefined ? unknown("a default that is made at run time") : constant(value);
}
