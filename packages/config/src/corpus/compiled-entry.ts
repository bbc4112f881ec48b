import {
  compileTruth,
  compileValue,
  isFault,
  SlotTable,
  type Frame,
  type Outcome,
  type PyValue,
  type Truth,
  type Values,
} from "../invariants/index.ts";
import type { EntryRules, ReadRule } from "./entry-rules.ts";
import { nestedRefusals, type EntryOf, type NestedRefusal } from "./nested.ts";
import { sameValue } from "./same-value.ts";
import type { EntryVerdict, FiredRule, VerdictKind } from "./verdict.ts";

type Code<T> = (frame: Frame) => T;

/** What holds when nothing is declared, for one set of facts. */
interface Standing {
  readonly usual: Frame;
  readonly truths: readonly Truth[];
}

/** Facts by profile; one that is not told has none, so that its rules abstain. */
export type FactsOf = (profile: string) => Values;

const NOTHING: Values = new Map();

/**
 * The rules of one class, ready to judge many configurations: only those that read a declared field are evaluated
 * anew, as the others come to what they come to when nothing is declared.
 */
export class CompiledEntry {
  readonly model: EntryRules;
  readonly slots: SlotTable = new SlotTable();
  /** The corpus's named constants. */
  readonly domains: Values;
  readonly #factsOf: FactsOf;
  readonly #entryOf: EntryOf<CompiledEntry>;
  readonly #truths: readonly Code<Truth>[];
  readonly #effective: ReadonlyMap<string, Code<Outcome>>;
  readonly #readers: ReadonlyMap<string, readonly number[]>;
  readonly #standings = new Map<string, Standing>();

  constructor(
    model: EntryRules,
    options: { readonly domains: Values; readonly factsOf: FactsOf; readonly entryOf: EntryOf<CompiledEntry> },
  ) {
    const compiling = { slots: this.slots, domains: options.domains };
    this.model = model;
    this.domains = options.domains;
    this.#factsOf = options.factsOf;
    this.#entryOf = options.entryOf;
    this.#truths = model.rules.map((rule) => compileTruth(rule.when, compiling));
    this.#effective = new Map([...model.effective].map(([name, expr]) => [name, compileValue(expr, compiling)]));
    this.#readers = readersOf(model.rules);
  }

  /** Judges what is declared. */
  judge(declared: Values, profile: string): EntryVerdict {
    const { truths, usual } = this.#standing(profile);
    const frame = this.slots.frameOver(usual, declared);
    const anew = this.#readingAny(declared);
    const fired = [...this.refusedKeys(declared), ...this.nestedRefusals(declared, profile).flatMap(firedInside)];
    let abstained = 0;
    for (const [index, rule] of this.model.rules.entries()) {
      const truth = anew[index] === 1 ? (this.#truths[index] as Code<Truth>)(frame) : truths[index];
      if (typeof truth === "object" && truth.type === "unknown") abstained += 1;
      else if (truth !== false) fired.push(firedRule(rule, truth !== true));
    }
    const refused = fired.some(({ severity }) => severity === "error");
    const effective = refused ? NOTHING : this.#changed(declared, frame);
    return { verdict: verdictOf(fired, effective), profile, abstained, rules: fired, effective };
  }

  /** The given dicts that none of the classes takes in whose place they stand. */
  nestedRefusals(declared: Values, profile: string): readonly NestedRefusal<CompiledEntry>[] {
    return nestedRefusals(this.model.nested, { declared, profile }, this.#entryOf);
  }

  /**
   * The rules that can be decided while some fields are `pending`; with `newly` only those that read one of these, which
   * became known last.
   */
  decidable(pending: ReadonlySet<string>, newly?: ReadonlySet<string>): readonly number[] {
    const reads = ({ roots }: ReadRule, names: ReadonlySet<string>): boolean => roots.some((root) => names.has(root));
    return [...this.model.rules.entries()].flatMap(([index, rule]) =>
      reads(rule, pending) || (newly !== undefined && !reads(rule, newly)) ? [] : [index],
    );
  }

  /** The first of some rules that refuses what is declared; one that blames no field only warns. */
  refusal(declared: Values, profile: string, rules: readonly number[]): FiredRule | undefined {
    const frame = this.frame(declared, profile);
    for (const index of rules) {
      const truth = (this.#truths[index] as Code<Truth>)(frame);
      if (truth === false || (typeof truth === "object" && truth.type === "unknown")) continue;
      const fired = firedRule(this.model.rules[index] as ReadRule, truth !== true);
      if (fired.severity === "error" && fired.fields.length > 0) return fired;
    }
    return undefined;
  }

  /** Given fields that the engine changes, where nothing refuses them. */
  changes(declared: Values, profile: string): ReadonlyMap<string, PyValue> {
    return this.#changed(declared, this.frame(declared, profile));
  }

  /** The configuration as the rules see it. */
  frame(declared: Values, profile: string): Frame {
    return this.slots.frameOver(this.#standing(profile).usual, declared);
  }

  /** The value of a field once the engine has read the configuration; undefined for one that is no parameter. */
  effectiveValue(field: string, declared: Values, profile: string): Outcome | undefined {
    const computed = this.#effective.get(field);
    if (computed !== undefined) return computed(this.frame(declared, profile));
    return declared.get(field) ?? this.model.defaults.get(field);
  }

  #standing(profile: string): Standing {
    const known = this.#standings.get(profile);
    if (known !== undefined) return known;
    const usual = this.slots.frame({
      declared: NOTHING,
      defaults: this.model.defaults,
      facts: this.#factsOf(profile),
    });
    const standing = { usual, truths: this.#truths.map((truth) => truth(usual)) };
    this.#standings.set(profile, standing);
    return standing;
  }

  /** 1 at the place of each rule that reads a declared field. */
  #readingAny(declared: Values): Uint8Array {
    const marks = new Uint8Array(this.#truths.length);
    for (const name of declared.keys()) for (const index of this.#readers.get(name) ?? []) marks[index] = 1;
    return marks;
  }

  /** Keywords that the constructor does not take, and those that it needs and lacks. */
  refusedKeys(declared: Values): FiredRule[] {
    const { entry, parameters, required, unknownKeys } = this.model;
    const fired: FiredRule[] = [];
    if (unknownKeys === "reject")
      for (const name of declared.keys())
        if (!parameters.has(name)) fired.push({ id: `${entry}.unknown-key`, severity: "error", fields: [name] });
    for (const name of required)
      if (!declared.has(name)) fired.push({ id: `${entry}.missing-key`, severity: "error", fields: [name] });
    return fired;
  }

  #changed(declared: Values, frame: Frame): ReadonlyMap<string, PyValue> {
    const changed = new Map<string, PyValue>();
    for (const [name, given] of declared) {
      const value = this.#effective.get(name)?.(frame);
      if (value !== undefined && !isFault(value) && !sameValue(given, value)) changed.set(name, value);
    }
    return changed;
  }
}

const firedRule = ({ id, severity, fields }: ReadRule, raises: boolean): FiredRule => ({
  id,
  severity: raises ? "error" : severity,
  fields,
});

/** Rules of another class blame the field that its keywords stand in. */
const firedInside = ({ field, verdict }: NestedRefusal<CompiledEntry>): readonly FiredRule[] =>
  verdict.rules.flatMap(({ id, severity }) => (severity === "error" ? [{ id, severity, fields: [field] }] : []));

function verdictOf(fired: readonly FiredRule[], effective: Values): VerdictKind {
  for (const severity of ["error", "warn", "dormant"] as const)
    if (fired.some((rule) => rule.severity === severity)) return severity;
  return effective.size > 0 ? "dormant" : "ok";
}

function readersOf(rules: readonly ReadRule[]): ReadonlyMap<string, readonly number[]> {
  const readers = new Map<string, number[]>();
  for (const [index, { roots }] of rules.entries())
    for (const root of roots) readers.set(root, [...(readers.get(root) ?? []), index]);
  return readers;
}
