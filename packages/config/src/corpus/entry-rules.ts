import { LemError } from "@lem/domain";
import { decodeValue, parsePredicate, readsOf, type Expr, type Values } from "../invariants/index.ts";
import type { CorpusEntry, CorpusRule, Severity } from "./corpus.ts";
import { differsByProfile, onProfile } from "./on-profile.ts";
import { damaged, isRecord } from "./parse-corpus.ts";

/** A rule with its predicate read. */
export interface ReadRule extends Omit<CorpusRule, "when"> {
  readonly when: Expr;
  /** First parts of the field paths that the predicate reads. */
  readonly roots: readonly string[];
}

/** The rules of one class, read and checked. */
export interface EntryRules {
  readonly entry: string;
  readonly defaults: Values;
  readonly required: readonly string[];
  readonly unknownKeys: CorpusEntry["unknown_keys"];
  readonly rules: readonly ReadRule[];
  readonly effective: ReadonlyMap<string, Expr>;
  /** Fields in whose place a dict may stand, with the classes of which one must take it. */
  readonly nested: ReadonlyMap<string, readonly string[]>;
  /** Every parameter of the constructor. */
  readonly parameters: ReadonlySet<string>;
  /** Whether these are its rules in every profile. */
  readonly isSameEverywhere: boolean;
}

/** Where an entry stands, and the profile that it is read for. */
export interface EntryReading {
  readonly file: string;
  readonly profile: string;
  readonly mined: readonly string[];
}

/** Reads what a corpus holds of one class. @throws LemError `config.corpus-invalid`, `config.predicate` */
export function readEntry(entry: string, found: unknown, { file, profile, mined }: EntryReading): EntryRules {
  const fail = (what: string, cause?: unknown): never => {
    throw damaged(file, `${entry}: ${what}`, cause);
  };
  if (!isCorpusEntry(found)) return fail("not the rules of a class");
  const malformed = found.rules.findIndex((rule) => !isRule(rule));
  if (malformed >= 0) return fail(`rule ${malformed} is malformed`);
  const held = onProfile(found, profile, mined);
  const decode = (value: unknown): ReturnType<typeof decodeValue> => {
    try {
      return decodeValue(value);
    } catch (cause) {
      return fail("a default that is no value", cause);
    }
  };
  const defaults = new Map(Object.entries(held.defaults).map(([name, value]) => [name, decode(value)]));
  return {
    entry,
    defaults,
    required: held.required,
    unknownKeys: held.unknown_keys,
    rules: held.rules.map((rule) => readRule(rule, file)),
    effective: new Map(
      Object.entries(held.effective).map(([name, value]) => [name, readExpr(value, `effective ${name}`, file)]),
    ),
    nested: new Map(Object.entries(held.nested ?? {})),
    parameters: new Set([...defaults.keys(), ...held.required, ...(held.supplied ?? []), ...(held.unstated ?? [])]),
    isSameEverywhere: !differsByProfile(found),
  };
}

/** Says which rule it is that cannot be read. */
function readExpr(json: unknown, owner: string, file: string): Expr {
  try {
    return parsePredicate(json);
  } catch (cause) {
    const said = cause instanceof LemError ? cause.message : String(cause);
    throw new LemError("config.predicate", `${owner} of ${file}: ${said}`, { cause, place: { file } });
  }
}

function readRule(rule: CorpusRule, file: string): ReadRule {
  const when = readExpr(rule.when, rule.id, file);
  const roots = new Set(readsOf(when).fields.map((path) => path.split(".")[0] ?? path));
  return { ...rule, when, roots: [...roots] };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

const isCorpusEntry = (held: unknown): held is CorpusEntry =>
  isRecord(held) &&
  isRecord(held["defaults"]) &&
  isRecord(held["effective"]) &&
  isTexts(held["required"]) &&
  Array.isArray(held["rules"]) &&
  (held["unknown_keys"] === "reject" || held["unknown_keys"] === "accept") &&
  hasOptionalParts(held);

const hasOptionalParts = ({ varies, supplied, unstated, nested }: Readonly<Record<string, unknown>>): boolean =>
  (varies === undefined || isRecord(varies)) &&
  [supplied, unstated].every((names) => names === undefined || isTexts(names)) &&
  (nested === undefined || (isRecord(nested) && Object.values(nested).every(isTexts)));

const SEVERITIES: readonly unknown[] = ["error", "warn", "dormant"] satisfies readonly Severity[];

const isRule = (rule: unknown): rule is CorpusRule =>
  isRecord(rule) &&
  typeof rule["id"] === "string" &&
  SEVERITIES.includes(rule["severity"]) &&
  isTexts(rule["fields"]) &&
  (rule["profiles"] === undefined || isTexts(rule["profiles"])) &&
  "when" in rule;
