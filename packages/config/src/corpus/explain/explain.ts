import { isFault, type PyValue, type Values } from "../../invariants/index.ts";
import type { CompiledEntry } from "../compiled-entry.ts";
import type { ReadRule } from "../entry-rules.ts";
import type { EntryVerdict, FiredRule } from "../verdict.ts";
import { causesOf, raisingPart, type Cause } from "./causes.ts";
import { fieldsOf, isClosed, operandText, type Speaker } from "./operands.ts";
import { phrase } from "./phrases.ts";
import { nearestRepair, type Repair, type Trouble } from "./repair.ts";
import { Sight, type Part } from "./sight.ts";
import { valueText } from "./value-text.ts";

/** Why a rule fired, in words of ours, and what to do. */
export interface Explanation {
  readonly rule: FiredRule;
  /** The field to blame: one that is given, where the rule reads one. */
  readonly field: string;
  /** Conditions that hold, or what raises: `top_p (1.5) is not more than 0 and at most 1`. */
  readonly reason: string;
  /** `write top_p: 1.0`; undefined where no change of one field helps. */
  readonly advice: string | undefined;
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
  const refused = new Set(
    fired
      .filter(({ raises }) => !raises)
      .flatMap(({ fired: { severity, fields } }) => (severity === "error" ? [fields[0]] : [])),
  );
  const [first] = fired.filter(({ raises, fired: { fields } }) => raises && !refused.has(fields[0]));
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
    const { declared } = this.#judged;
    const field = fired.fields.find((name) => declared.has(name)) ?? fired.fields[0] ?? "";
    const repairs = this.#repairs(rule, field);
    const part = { expr: rule.when, bound: [] };
    const reason = this.raises(rule) ? this.#raiseText(this.#raising(part)) : this.#causeText(part, repairs);
    return { rule: fired, field, reason, advice: adviceOf(repairs, declared) };
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
  #causeText(part: Part, repairs: readonly Repair[]): string {
    const { declared } = this.#judged;
    const matters = new Set([...declared.keys(), ...repairs.map(({ field }) => field)]);
    const causes = causesOf(part, true, this.#sight);
    const relevant = causes.filter(
      (cause) => fieldsOf(cause).size === 0 || [...fieldsOf(cause)].some((name) => matters.has(name)),
    );
    const kept = withoutGuards(relevant.length > 0 ? relevant : causes);
    const texts = [...new Set(kept.map((cause) => phrase(cause, this.#speaker)))];
    return texts.slice(-MOST_CONDITIONS).join(", and ");
  }

  /** What raises: a part of the condition, or what the condition says of it. */
  #raising(part: Part): Part {
    const truth = this.#sight.truth(part);
    if (typeof truth === "object") return raisingPart(part, this.#sight);
    const cause = causesOf(part, true, this.#sight).find(({ expr, holds }) => expr.op === "raises" && holds);
    if (cause?.expr.op !== "raises") return part;
    return raisingPart({ expr: cause.expr.of, bound: cause.bound }, this.#sight);
  }

  #raiseText(raising: Part): string {
    const outcome = this.#sight.value(raising);
    const what = isFault(outcome) && outcome.type === "raises" ? outcome.exception : "Exception";
    const values = [...fieldsOf(raising)].map(
      (path) => `${path}${this.#speaker.note({ expr: { op: "field", path }, bound: [] })}`,
    );
    const said = values.length > 0 ? values.join(" and ") : operandText(raising, this.#speaker);
    return `${said} cannot be used as ${said.includes(" and ") ? "they are" : "it is"} (${what})`;
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
        const value = part.expr.op === "const" ? undefined : this.#valueOf(part);
        if (value === undefined) return "";
        const isUsual = part.expr.op === "field" && !declared.has(part.expr.path.split(".")[0] ?? "");
        return ` (${valueText(value)}${isUsual ? ", the default" : ""})`;
      },
    };
  }
}

const MOST_CONDITIONS = 5;

/** Tests that only make room for another one of the same field: is it given, is it not null, is it a number. */
function withoutGuards(causes: readonly Cause[]): readonly Cause[] {
  const strong = causes.filter((cause) => !isGuard(cause));
  if (strong.length === 0) return causes;
  const covered = new Set(strong.flatMap((cause) => [...fieldsOf(cause)]));
  return causes.filter((cause) => !isGuard(cause) || ![...fieldsOf(cause)].some((name) => covered.has(name)));
}

function isGuard({ expr, holds }: Cause): boolean {
  if (expr.op === "notNone" || expr.op === "isNot" || expr.op === "isSet" || expr.op === "type") return holds;
  return expr.op === "is" && !holds;
}

function adviceOf(repairs: readonly Repair[], declared: ReadonlyMap<string, PyValue>): string | undefined {
  const given = repairs.filter(({ field }) => declared.has(field)).slice(0, 2);
  const others = repairs.filter(({ field }) => !declared.has(field)).slice(0, 2);
  const told = [...given, ...others].map(repairText);
  return told.length === 0 ? undefined : told.join(", or ");
}

const repairText = ({ field, value }: Repair): string =>
  value === undefined ? `leave ${field} out` : `write ${field}: ${valueText(value)}`;
