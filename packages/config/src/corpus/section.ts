import { LemError, type EngineId, type JsonValue } from "@lem/domain";
import { decodeValue, encodeValue, isFault, type Values } from "../invariants/index.ts";
import type { Finding } from "../problem.ts";
import { missingKey, unknownKey } from "../wording.ts";
import { entryOf, type Located, type MapNode, type Path } from "../yaml/located.ts";
import type { CompiledEntry } from "./compiled-entry.ts";
import type { Judged } from "./explain/explain.ts";
import { isWithout, problemsOf, type FieldProblem } from "./problems.ts";
import type { RuleSet } from "./rule-set.ts";
import { sameValue } from "./same-value.ts";
import type { FiredRule } from "./verdict.ts";

/** A given value in whose place the engine puts another one. */
export interface ChangedField {
  readonly section: string;
  readonly field: string;
  /** Tagged JSON. */
  readonly declared: JsonValue;
  readonly effective: JsonValue;
  /** True when the engine has the same without the field. */
  readonly isDefault: boolean;
}

/** A given value that the engine puts there itself when the field is left out: it makes no difference. */
export type NeutralField = Pick<ChangedField, "section" | "field">;

/** What the engine's own rules say of its native sections. */
export interface InvariantFindings {
  readonly findings: readonly Finding[];
  readonly changed: readonly ChangedField[];
  readonly neutral: readonly NeutralField[];
}

/** A native section with the rules of its engine. */
export interface SectionToJudge {
  readonly rules: RuleSet;
  readonly engine: EngineId;
  readonly name: string;
  readonly node: MapNode;
  /** Where a key of the section stands, from the root. */
  readonly pathOf: (key: string) => Path;
  readonly profile: string | undefined;
}

/** A section as keywords of the class that it constructs. */
export interface DeclaredSection {
  readonly entry: CompiledEntry;
  readonly declared: Values;
}

/** Reads a section as keywords of its class; undefined where there are no rules for it, or a value is none of Python's. */
export function declaredSection({
  rules,
  name,
  node,
  profile,
}: Pick<SectionToJudge, "rules" | "name" | "node" | "profile">): DeclaredSection | undefined {
  const chosen = rules.sectionEntry(name, (key) => plainText(entryOf(node, key)?.value));
  const entry = chosen === undefined ? undefined : rules.entry(chosen.entry, rules.profileOn(profile));
  const declared = entry === undefined ? undefined : declaredOf(node, chosen?.key);
  return entry === undefined || declared === undefined ? undefined : { entry, declared };
}

/** What the rules of the class that a section constructs say of it. */
export function checkSection(section: SectionToJudge): InvariantFindings {
  const { name, rules } = section;
  const profile = rules.profileOn(section.profile);
  const read = declaredSection(section);
  if (read === undefined) return { findings: [], changed: [], neutral: [] };
  const { entry, declared } = read;
  const verdict = entry.judge(declared, profile);
  return {
    findings: findingsOf({ entry, declared, verdict }, section),
    changed: changedFields(name, read, { effective: verdict.effective, profile }),
    neutral: neutralFields(name, read, profile),
  };
}

/** What is wrong with keywords, and with those in their dicts: there it is told at their own keys. */
function findingsOf(judged: Judged, section: Place): readonly Finding[] {
  const { entry, declared, verdict } = judged;
  const nested = entry.nestedRefusals(declared, verdict.profile);
  const inside = nested.flatMap((each) => {
    const pathOf = (key: string): Path => [...section.pathOf(each.field), key];
    const place = { ...section, pathOf, whole: section.pathOf(each.field) };
    return findingsOf(each, place).filter(({ severity = "error" }) => severity === "error");
  });
  const own = problemsOf(section.engine, judged).filter(({ field }) => nested.every((each) => each.field !== field));
  return [
    ...verdict.rules.flatMap((rule) => keyFinding(rule, entry, section)),
    ...inside,
    ...own.map((problem) => findingOf(problem, section)),
  ];
}

/** Where the keywords of a class stand. */
interface Place extends Pick<SectionToJudge, "engine" | "name" | "pathOf"> {
  /** What holds them; the section itself unless told. */
  readonly whole?: Path;
}

/** The given fields in whose place the engine puts other values. */
export function changedFields(
  section: string,
  { entry, declared }: DeclaredSection,
  { effective, profile }: { readonly effective: Values; readonly profile: string },
): readonly ChangedField[] {
  return [...effective].map(([field, value]) => ({
    section,
    field,
    declared: encodeValue(declared.get(field) ?? null),
    effective: encodeValue(value),
    isDefault: isWithout(field, value, { entry, declared, profile }),
  }));
}

/** The given fields that the engine computes, and to the same as without them. */
export function neutralFields(
  section: string,
  { entry, declared }: DeclaredSection,
  profile: string,
): readonly NeutralField[] {
  const computed = [...declared].filter(([field]) => entry.model.effective.has(field));
  return computed.flatMap(([field, given]) => {
    const value = entry.effectiveValue(field, declared, profile);
    const isGiven = value !== undefined && !isFault(value) && sameValue(given, value);
    return isGiven && isWithout(field, given, { entry, declared, profile }) ? [{ section, field }] : [];
  });
}

const plainText = (node: Located | undefined): unknown => (node?.kind === "scalar" ? node.value : undefined);

/** The keywords that a section gives; undefined where one is no value of Python's, which the parameter schema refuses. */
function declaredOf(node: MapNode, key: string | undefined): Values | undefined {
  try {
    return new Map(
      [...node.entries].filter(([name]) => name !== key).map(([name, { value }]) => [name, decodeValue(tagged(value))]),
    );
  } catch (error) {
    if (error instanceof LemError) return undefined;
    throw error;
  }
}

function tagged(node: Located): unknown {
  if (node.kind === "list") return node.items.map(tagged);
  if (node.kind === "map")
    return { $py: "dict", value: [...node.entries].map(([key, { value }]) => [key, tagged(value)]) };
  return node.float ? { $py: "float", value: node.value } : node.value;
}

/** Keys that the class does not take, or lacks. */
function keyFinding({ id, fields }: FiredRule, { model }: CompiledEntry, { pathOf }: Place): readonly Finding[] {
  const [field = ""] = fields;
  if (id === `${model.entry}.unknown-key`) return [{ ...unknownKey(pathOf(field), [...model.parameters]), rule: id }];
  return id === `${model.entry}.missing-key` ? [{ ...missingKey(pathOf(field)), rule: id }] : [];
}

/** A problem at its place; one of the class as a whole lies at its section. */
function findingOf(
  { field, hint, rule, ...said }: FieldProblem,
  { pathOf, engine, name, whole = [engine, name] }: Place,
): Finding {
  const place = field === "" ? ({ path: whole, at: "key" } as const) : ({ path: pathOf(field), at: "value" } as const);
  return { ...said, ...place, hint, ...(rule === undefined ? {} : { rule }) };
}
