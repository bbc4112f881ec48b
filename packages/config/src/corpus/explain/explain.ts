import { isFault, type PyValue, type Values } from "../../invariants/index.ts";
import type { CompiledEntry } from "../compiled-entry.ts";
import type { ReadRule } from "../entry-rules.ts";
import type { EntryVerdict, FiredRule } from "../verdict.ts";
import { causesOf, raisingPart, type Cause } from "./causes.ts";
import { neededKind } from "./needed-kind.ts";
import { fieldsOf, isClosed, operandText, type Speaker } from "./operands.ts";
import { phrase } from "./phrases.ts";
import { nearestRepair, type Repair, type Trouble } from "./repair.ts";
import type { Blame } from "./demand.ts";
import { eitherOf, requirementOf, type Requirement } from "./requirement.ts";
import { Sight, type Part } from "./sight.ts";
import { shortText, valueText } from "./value-text.ts";

/** Why a rule fired, in words of ours, and what to do. */
export interface Explanation {
  readonly rule: FiredRule;
  /** The field to blame: one that is given, where the rule reads one. */
  readonly field: string;
  /** What the field has to be: `it must be more than 0 and at most 1`; undefined where only the reason can be told. */
  readonly demand: string | undefined;
  /** True where the demand is about the field's size. */
  readonly isRange: boolean;
  /** What else the rule rests on: `do_sample is not given`; empty where nothing. */
  readonly circumstance: string;
  /** Changes of one field that help, the blamed one first. */
  readonly repairs: readonly Repair[];
}

/** One configuration with its verdict. */
export interface Judged {
  readonly entry: CompiledEntry;
  readonly declared: Values;
  readonly verdict: EntryVerdict;
}

/** Explains the rules that fired; of several that raise only the first, as Python comes no further. */
export function explain(judged: Judged): readonly Explanation[] {
  const { entry, verdict } = judged;
  const rules = new Map(entry.model.rules.map((rule) => [rule.id, rule]));
  const scene = new Scene(judged);
  const fired = verdict.rules.flatMap((each) => {
    const rule = rules.get(each.id);
    return rule === undefined ? [] : [{ rule, fired: each, raises: scene.raises(rule) }];
  });
  const refusing = fired.filter(({ raises, fired: { severity } }) => !raises && severity === "error");
  const refused = new Set(refusing.map((each) => scene.blamed(each.fired)));
  const [first] = fired.filter((each) => each.raises && !refused.has(scene.blamed(each.fired)));
  return fired.filter((each) => !each.raises || each === first).map((each) => scene.explain(each.rule, each.fired));
}

/** What all explanations of one configuration share. */
class Scene {
  readonly #judged: Judged;
  readonly #sight: Sight;

  constructor(judged: Judged) {
    const { entry, declared, verdict } = judged;
    this.#judged = judged;
    this.#sight = new Sight(entry.slots, entry.domains, entry.frame(declared, verdict.profile));
  }

  /** True for a rule whose condition raises, and for one that is about a part of it raising. */
  raises({ when }: ReadRule): boolean {
    const part = { expr: when, bound: [] };
    if (typeof this.#sight.truth(part) === "object") return true;
    return causesOf(part, true, this.#sight).some(({ expr, holds }) => expr.op === "raises" && holds);
  }

  explain(rule: ReadRule, fired: FiredRule): Explanation {
    const part = { expr: rule.when, bound: [] };
    if (this.raises(rule)) {
      const said = this.#raising(part, fired);
      return { rule: fired, repairs: this.#repairs(rule, said.field), ...said };
    }
    const field = this.blamed(fired);
    const repairs = this.#repairs(rule, field);
    return { rule: fired, field, repairs, ...this.#causes(part, { repairs, field, fired }) };
  }

  /** The first field of a rule that is given. */
  blamed({ fields }: FiredRule): string {
    return fields.find((name) => this.#judged.declared.has(name)) ?? fields[0] ?? "";
  }

  /** Changes of one field that help: of the blamed one, else of the others that are given; and of those left at their default. */
  #repairs({ id, fields }: ReadRule, blamed: string): readonly Repair[] {
    const { declared, entry, verdict } = this.#judged;
    const trouble: Trouble = {
      entry,
      declared,
      profile: verdict.profile,
      verdict,
      rule: id,
      valueOf: (part) => this.#valueOf(part),
    };
    const given = [blamed, ...fields.filter((name) => name !== blamed && declared.has(name))];
    const others = fields.filter((name) => !declared.has(name) && name !== blamed && entry.model.parameters.has(name));
    return [...given, ...others.slice(0, 8)].flatMap((field) => nearestRepair(field, trouble) ?? []);
  }

  /** The conditions that matter: not those that only a change which helps nothing could alter. */
  #causes(part: Part, { repairs, field, fired }: Blamed): Said {
    const matters = new Set([...this.#judged.declared.keys(), ...repairs.map((repair) => repair.field)]);
    const causes = causesOf(part, true, this.#sight).filter((cause) => !isConversion(cause));
    const relevant = causes.filter(
      (cause) => fieldsOf(cause).size === 0 || [...fieldsOf(cause)].some((name) => matters.has(name)),
    );
    const kept = withoutGuards(relevant.length > 0 ? relevant : causes);
    const blame = this.#blame(field);
    const own = kept.filter((cause) => fieldsOf(cause).has(field));
    const demands = own.flatMap((cause) => requirementOf(cause, blame) ?? []);
    const others = kept.filter((cause) => !own.includes(cause) || requirementOf(cause, blame) === undefined);
    const told = (demands.length > 0 ? others : kept).filter((cause) => !isPresence(cause, field));
    const said = demandText(demands, fired.severity);
    return { ...said, circumstance: this.#circumstances(told, field, said.demand) };
  }

  /** States of other fields where they say it, and that the demand does not tell; else the condition itself. */
  #circumstances(causes: readonly Cause[], blamed: string, demand = ""): string {
    const texts = causes.flatMap((cause) => {
      const fields = [...fieldsOf(cause)];
      const told = fields.filter((name) => !demand.includes(` ${name} (`));
      const states = told.map((name) => (name === blamed ? undefined : this.#stateOf(name)));
      const isState = fields.length > 0 && states.every((state) => state !== undefined);
      return isState ? states : [this.#conditionText(cause)];
    });
    return [...new Set(texts)].slice(0, MOST_CONDITIONS).join(" and ");
  }

  #conditionText(cause: Cause): string {
    if (cause.expr.op !== "fact" || typeof this.#valueOf(cause) !== "boolean") return phrase(cause, this.#speaker);
    return `${operandText(cause, this.#speaker)} is ${String(cause.holds)}`;
  }

  /** `num_beams is 4`, `do_sample is not given`; undefined for a value that is too long to tell. */
  #stateOf(field: string): string | undefined {
    const { declared, entry } = this.#judged;
    if (field.includes(".") || !entry.model.parameters.has(field)) return undefined;
    const value = declared.get(field);
    const usual = entry.model.defaults.get(field) ?? null;
    if (value === undefined && usual === null) return `${field} is not given`;
    const text = shortText(value ?? usual);
    if (text === undefined) return undefined;
    return `${field} is ${text}${value === undefined ? " (the default)" : ""}`;
  }

  /** What raises, a part of the condition or what the condition says of it, and whose value cannot be worked with. */
  #raising(part: Part, fired: FiredRule): Said & Pick<Explanation, "field"> {
    const raising = this.#raisingPart(part);
    const first = this.blamed(fired);
    for (const field of [first, ...fieldsOf(raising)].filter((name) => this.#judged.declared.has(name))) {
      const needed = neededKind(raising, this.#blame(field), this.#sight);
      if (needed !== undefined)
        return { field, ...demandText([{ ...needed, isRange: false }], "error"), circumstance: "" };
    }
    const outcome = this.#sight.value(raising);
    const what = isFault(outcome) && outcome.type === "raises" ? ` (${outcome.exception})` : "";
    return { field: first, demand: `it cannot be used here${what}`, isRange: false, circumstance: "" };
  }

  #raisingPart(part: Part): Part {
    const truth = this.#sight.truth(part);
    if (typeof truth === "object") return raisingPart(part, this.#sight);
    const cause = causesOf(part, true, this.#sight).find(({ expr, holds }) => expr.op === "raises" && holds);
    if (cause?.expr.op !== "raises") return part;
    return raisingPart({ expr: cause.expr.of, bound: cause.bound }, this.#sight);
  }

  #blame(field: string): Blame {
    const isNullUsual = this.#judged.entry.model.defaults.get(field) === null;
    return { field, speaker: this.#speaker, valueOf: (part) => this.#valueOf(part), isNullUsual };
  }

  /** Variables of quantifiers have no value outside. */
  #valueOf(part: Part): PyValue | undefined {
    if (!isClosed(part)) return undefined;
    const value = this.#sight.value(part);
    return isFault(value) ? undefined : value;
  }

  get #speaker(): Speaker {
    const { declared } = this.#judged;
    return {
      domain: (name) => this.#judged.entry.domains.get(name),
      decide: (part) => {
        const truth = isClosed(part) ? this.#sight.truth(part) : undefined;
        return typeof truth === "boolean" ? truth : undefined;
      },
      note: (part) => {
        const value = part.expr.op === "const" || part.expr.op === "fact" ? undefined : this.#valueOf(part);
        if (value === undefined) return "";
        const isUsual = part.expr.op === "field" && !declared.has(part.expr.path.split(".")[0] ?? "");
        return ` (${valueText(value)}${isUsual ? ", the default" : ""})`;
      },
    };
  }
}

interface Blamed {
  readonly repairs: readonly Repair[];
  readonly field: string;
  readonly fired: FiredRule;
}

type Said = Pick<Explanation, "demand" | "isRange" | "circumstance">;

const MOST_CONDITIONS = 4;

const demandText = (demands: readonly Requirement[], severity: FiredRule["severity"]): Omit<Said, "circumstance"> => ({
  demand: demands.length === 0 ? undefined : eitherOf(demands, severity === "error" ? "must" : "should"),
  isRange: demands.length > 0 && demands.every(({ isRange }) => isRange),
});

/** Only asks whether what the engine makes of the field is what was given. */
function isConversion({ expr, bound, holds }: Cause): boolean {
  if (expr.op === "exactType") return !holds;
  if (expr.op !== "ne" || !holds) return false;
  const [first, second] = expr.args.map((arg) => fieldsOf({ expr: arg, bound }));
  return first?.size === 1 && [...first].some((name) => second?.has(name) === true);
}

/** That the field is given at all. */
const isPresence = ({ expr, holds }: Cause, field: string): boolean =>
  holds && expr.op === "isSet" && expr.path === field;

/** Leaves out tests that only make room for another one of the same field: is it given, then is it of a type. */
const withoutGuards = (causes: readonly Cause[]): readonly Cause[] =>
  [isAbsence, isTypeGuard].reduce((kept, isGuard) => withoutThose(kept, isGuard), causes);

function withoutThose(causes: readonly Cause[], isGuard: (cause: Cause) => boolean): readonly Cause[] {
  const covered = new Set(causes.filter((cause) => !isGuard(cause)).flatMap((cause) => [...fieldsOf(cause)]));
  return causes.filter((cause) => !isGuard(cause) || ![...fieldsOf(cause)].some((name) => covered.has(name)));
}

/** A test that makes an exception of null, of what is empty, or of what is not given. */
function isAbsence({ expr, holds }: Cause): boolean {
  if (expr.op === "is") return !holds && expr.value === null;
  if (expr.op === "isNot") return holds && expr.value === null;
  return holds && (expr.op === "notNone" || expr.op === "isSet" || expr.op === "truthy" || expr.op === "field");
}

function isTypeGuard({ expr, holds }: Cause): boolean {
  if (expr.op === "in") return holds && expr.args[0]?.op === "const";
  if (expr.op === "is") return !holds;
  return holds && (expr.op === "type" || expr.op === "exactType" || expr.op === "isNot");
}
