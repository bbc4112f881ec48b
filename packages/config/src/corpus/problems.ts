import type { ErrorCode } from "@lem/domain";
import { isFault, typeName, type PyValue } from "../invariants/index.ts";
import { explain, type Explanation, type Judged } from "./explain/explain.ts";
import type { Repair } from "./explain/repair.ts";
import { valueText } from "./explain/value-text.ts";
import { sameValue } from "./same-value.ts";
import type { Severity } from "./corpus.ts";
import type { FiredRule } from "./verdict.ts";

/** What a person is told of one field of a class. */
export interface FieldProblem {
  readonly code: ErrorCode;
  readonly severity: "error" | "warn";
  /** Empty where no field is to blame. */
  readonly field: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly rule: string | undefined;
}

const CODES: Readonly<Record<Severity, ErrorCode>> = {
  error: "config.invariant",
  warn: "config.engine-warning",
  dormant: "config.dormant",
};

/** What an engine makes of a configuration, in sentences: what it refuses, warns about, and changes. */
export function problemsOf(engine: string, judged: Judged): readonly FieldProblem[] {
  const { verdict } = judged;
  const explained = explain(judged);
  const refused = new Set(explained.filter(isError).map(({ field }) => field));
  const told = explained.filter(
    ({ field, rule: { severity } }) =>
      severity === "error" || (severity === "warn" ? !refused.has(field) : refused.size === 0),
  );
  const changed = [...verdict.effective].map(([field, value]) => changeProblem(field, value, { engine, judged, told }));
  const others = told
    .filter(({ field, rule: { severity } }) => severity === "error" || !verdict.effective.has(field))
    .map((each) => ruleProblem(each, engine, judged));
  return withoutRepetition([...others, ...changed]);
}

const isError = ({ rule }: Explanation): boolean => rule.severity === "error";

/** Several rules may come to the same sentence. */
function withoutRepetition(problems: readonly FieldProblem[]): readonly FieldProblem[] {
  const first = new Map(problems.toReversed().map((problem) => [`${problem.field}\n${problem.message}`, problem]));
  return problems.filter((problem) => first.get(`${problem.field}\n${problem.message}`) === problem);
}

function ruleProblem(explanation: Explanation, engine: string, judged: Judged): FieldProblem {
  const { rule, field, demand, circumstance, repairs } = explanation;
  const { severity } = rule;
  const given = judged.declared.get(field);
  if (field === "") return classProblem(explanation, engine, judged);
  const what = given === undefined ? "this" : `${field} ${valueText(given)}`;
  const why = reasonText(demand, circumstance);
  const says = { error: `refuses ${what}`, warn: `warns about ${what}`, dormant: `replaces ${what}` }[severity];
  return {
    code: CODES[severity],
    severity: severity === "error" ? "error" : "warn",
    field,
    message: `${engine} ${says}${severity === "dormant" ? dormantReason(circumstance) : why}`,
    hint: severity === "dormant" ? undefined : adviceOf(repairs, judged, rule),
    rule: rule.id,
  };
}

/**
 * A class that is refused whatever it is given, as something is missing that the machine lacked which the rules come
 * from: here it may be there, so that this only warns.
 */
function classProblem({ rule, circumstance }: Explanation, engine: string, { entry }: Judged): FieldProblem {
  const name = entry.model.entry.split(".").at(-1) ?? "";
  return {
    code: CODES.warn,
    severity: "warn",
    field: "",
    message: `${engine} refuses ${name} where ${circumstance}, as on the machine that its rules come from`,
    hint: undefined,
    rule: rule.id,
  };
}

function reasonText(demand: string | undefined, circumstance: string): string {
  if (demand === undefined) return circumstance === "" ? "" : `: ${circumstance}`;
  return circumstance === "" ? `: ${demand}` : `: ${demand} when ${circumstance}`;
}

const dormantReason = (circumstance: string): string =>
  ` by a value of its own${circumstance === "" ? "" : ` when ${circumstance}`}`;

interface Change {
  readonly engine: string;
  readonly judged: Judged;
  readonly told: readonly Explanation[];
}

function changeProblem(field: string, value: PyValue, { engine, judged, told }: Change): FieldProblem {
  const here = told.filter((each) => each.field === field);
  const warning = here.find(({ rule }) => rule.severity === "warn");
  const dormant = here.find(({ rule, field: blamed }) => rule.severity === "dormant" && blamed === field);
  const rule = warning ?? dormant;
  return {
    code: CODES[warning === undefined ? "dormant" : "warn"],
    severity: "warn",
    field,
    message: `${engine} ${warning === undefined ? "" : "warns and "}${changeText(field, value, { judged, dormant })}`,
    hint: changeHint(field, value, judged),
    rule: rule?.rule.id,
  };
}

/** `uses 0.01 instead of 0.001`, `reads "a" as ["a"]`, `ignores top_k 50 and uses 0`. */
function changeText(
  field: string,
  value: PyValue,
  { judged, dormant }: { readonly judged: Judged; readonly dormant: Explanation | undefined },
): string {
  const given = judged.declared.get(field) ?? null;
  const [from, to] = [valueText(given), valueText(value)];
  const why = dormant?.circumstance ?? "";
  if (why !== "" && isWithout(field, value, { ...judged, profile: judged.verdict.profile }))
    return `ignores ${field} ${from} and uses ${to}, as ${why}`;
  if (why === "" && typeName(given) !== typeName(value)) return `reads ${field} ${from} as ${to}`;
  if (why !== "") return `uses ${to} instead of ${from}, as ${why}`;
  const demand = dormant?.isRange === true ? `: ${dormant.demand}` : "";
  return `uses ${to} instead of ${from}${demand}`;
}

/** Whether the engine has the same value when the field is left out. */
export function isWithout(
  field: string,
  value: PyValue,
  { entry, declared, profile }: Pick<Judged, "entry" | "declared"> & { readonly profile: string },
): boolean {
  const rest = new Map([...declared].filter(([name]) => name !== field));
  const without = entry.effectiveValue(field, rest, profile);
  return without !== undefined && !isFault(without) && sameValue(without, value);
}

/** The neutral change: what the engine uses anyway. */
function changeHint(field: string, value: PyValue, judged: Judged): string | undefined {
  if (isWithout(field, value, { ...judged, profile: judged.verdict.profile })) return `leave ${field} out`;
  if (value !== null && typeof value === "object" && value.type === "object") return undefined;
  const { entry, declared, verdict } = judged;
  const after = entry.judge(new Map([...declared, [field, value]]), verdict.profile);
  const known = new Set(verdict.rules.map(({ id }) => id));
  const isNeutral = !after.effective.has(field) && after.rules.every(({ id }) => known.has(id));
  return isNeutral ? `write ${field}: ${valueText(value)}` : undefined;
}

/** A change of a given field, then one of another; of what only warns the others first, as its value is not wrong. */
function adviceOf(repairs: readonly Repair[], judged: Judged, { id, severity }: FiredRule): string | undefined {
  const given = repairs.filter(({ field }) => judged.declared.has(field)).slice(0, 2);
  const others = repairs.filter(({ field }) => !judged.declared.has(field)).slice(0, 2);
  const onlyWarns = severity === "warn" && others.length > 0;
  const told = onlyWarns
    ? [...others, ...given.map((repair) => (isSilentWithout(repair.field, id, judged) ? left(repair) : repair))]
    : [...given, ...others];
  const texts = told.map(({ field, value }) =>
    value === undefined ? `leave ${field} out` : `write ${field}: ${valueText(value)}`,
  );
  return texts.length === 0 ? undefined : texts.join(", or ");
}

const left = ({ field }: Repair): Repair => ({ field, value: undefined });

function isSilentWithout(field: string, rule: string, { entry, declared, verdict }: Judged): boolean {
  const rest = new Map([...declared].filter(([name]) => name !== field));
  return entry.judge(rest, verdict.profile).rules.every(({ id }) => id !== rule);
}
