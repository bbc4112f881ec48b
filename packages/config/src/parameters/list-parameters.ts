import type { JsonObject, JsonValue } from "@lem/domain";
import type { ParameterSchema } from "../corpora.ts";
import { decodeValue } from "../invariants/index.ts";
import type { CorpusRule } from "../corpus/corpus.ts";
import type { RuleSet } from "../corpus/rule-set.ts";
import type { ClassSchemas, ParameterOfClass } from "./class-schema.ts";
import { limitsOf, NO_LIMITS, type Limits } from "./limits.ts";
import type { LeftOutReason, Parameter, ParameterRule } from "./parameter.ts";
import { alternativesOf, choicesOf, keysOf, namedValues, statedBounds, typeText } from "./type-text.ts";

/** What is known of one engine version; each part may be missing. */
export interface EngineKnowledge {
  readonly schema: ParameterSchema | undefined;
  readonly rules: RuleSet | undefined;
  readonly classes: ClassSchemas | undefined;
  /** The kind of machine whose facts hold. */
  readonly profile?: string | undefined;
}

/** The parameters of an engine's native sections, in the schema's order; those that a section leaves out come last. */
export function listParameters(known: EngineKnowledge): readonly Parameter[] {
  const { sections = {}, left_out: leftOut = {} } = known.schema ?? {};
  return Object.entries(sections).flatMap(([section, schema]) => {
    const entries = entriesOf(section, known);
    const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, JsonObject>>);
    const asked = new Set((schema["required"] ?? []) as readonly string[]);
    const offered = properties.map(([name, property]): Named => {
      const methods = methodsOf(schema, name);
      const usual = defaultOf(known, { section, name, methods });
      return { section, name, schema: property, default: usual, required: asked.has(name), methods };
    });
    const left = Object.entries(leftOut[section] ?? {}).map(([name, reason]): Named => {
      const told = entries.flatMap(({ entry }) => ofClass(known, entry, name) ?? [])[0];
      return { section, name, schema: told?.schema ?? {}, default: told?.default, required: false, left: reason };
    });
    return [...offered, ...left].map((named) => parameterOf(named, entries, known));
  });
}

/** The parameters of one class; undefined where it is not known. */
export function classParameters(known: EngineKnowledge, entry: string): readonly Parameter[] | undefined {
  const held = known.classes?.classes[entry];
  if (held === undefined) return undefined;
  return Object.entries(held.parameters).map(([name, { schema, required = false, ...rest }]) =>
    parameterOf({ section: undefined, name, schema, default: rest.default, required }, [{ entry }], known),
  );
}

interface Named {
  readonly section: string | undefined;
  readonly name: string;
  readonly schema: JsonObject;
  readonly default: JsonValue | undefined;
  readonly required: boolean;
  readonly methods?: readonly string[];
  readonly left?: LeftOutReason;
}

/** A class of a section; `method` is the value of the key that picks it. */
interface EntryOfSection {
  readonly entry: string;
  readonly method?: string;
}

function entriesOf(section: string, { rules }: EngineKnowledge): readonly EntryOfSection[] {
  const held = rules?.corpus.sections[section];
  if (held === undefined) return [];
  if (typeof held === "string") return [{ entry: held }];
  return Object.entries(held.entries).map(([method, entry]) => ({ entry, method }));
}

/** Of a section that is one of several classes: which ones take a key. */
function methodsOf(schema: JsonObject, name: string): readonly string[] {
  const branches = (schema["allOf"] ?? []) as readonly Branch[];
  const found = branches.filter((branch) => Object.hasOwn(branch.then?.properties ?? {}, name));
  if (found.length === branches.length) return [];
  return found.flatMap(({ if: { properties = {} } = {} }) =>
    Object.values(properties).flatMap((each) => each.const ?? []),
  );
}

interface Branch {
  readonly if?: { readonly properties?: Readonly<Record<string, { readonly const?: string }>> };
  readonly then?: { readonly properties?: JsonObject };
}

/** The stated default; of several classes the one that all share. */
function defaultOf(
  { schema, rules, classes }: EngineKnowledge,
  { section, name, methods }: { readonly section: string; readonly name: string; readonly methods: readonly string[] },
): JsonValue | undefined {
  const stated = schema?.defaults[section];
  if (stated !== undefined && Object.hasOwn(stated, name)) return stated[name];
  if (methods.length === 0)
    return entriesOf(section, { schema, rules, classes })
      .filter(({ method }) => method === undefined)
      .map(({ entry }) => classes?.classes[entry]?.parameters[name]?.default)[0];
  const all = methods.map((method) => (stated?.[method] as JsonObject | undefined)?.[name]);
  return new Set(all.map((value) => JSON.stringify(value))).size === 1 ? all[0] : undefined;
}

const ofClass = ({ classes }: EngineKnowledge, entry: string, name: string): ParameterOfClass | undefined => {
  const held = classes?.classes[entry]?.parameters;
  return held !== undefined && Object.hasOwn(held, name) ? held[name] : undefined;
};

function parameterOf(named: Named, entries: readonly EntryOfSection[], known: EngineKnowledge): Parameter {
  const { section, name, schema, methods = [], required, left } = named;
  const own = entries.filter(({ method }) => method === undefined || methods.length === 0 || methods.includes(method));
  const rules = [
    ...new Map(own.flatMap(({ entry }) => rulesReading(entry, name, known)).map((each) => [each.id, each])).values(),
  ];
  const types = new Set(
    alternativesOf(schema).map(({ type, enum: listed }) =>
      typeof type === "string" ? type : listed === undefined ? "" : "enum",
    ),
  );
  const [only, ...others] = own;
  const limits = only === undefined || others.length > 0 ? NO_LIMITS : limitsIn(known, only.entry, name, types);
  const stated = choicesOf(schema);
  const described = own.flatMap(({ entry }) => ofClass(known, entry, name)?.description_sha256 ?? []);
  return {
    section,
    name,
    type: typeText(schema),
    choices: stated.length > 0 ? stated : limits.choices,
    named: stated.length > 0 ? [] : namedValues(schema),
    bounds: [...new Set([...statedBounds(schema), ...limits.bounds])].join(", "),
    default: isRefused(named, own, known) ? undefined : named.default,
    required,
    deprecated: schema["deprecated"] === true,
    classes: [...new Set(own.map(({ entry }) => entry))],
    methods,
    rules: rules.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity)),
    left_out: left,
    keys: keysOf(schema),
    description_sha256: described[0] ?? known.schema?.descriptions?.[section ?? ""]?.[name],
  };
}

const ORDER: readonly CorpusRule["severity"][] = ["error", "warn", "dormant"];

function rulesReading(entry: string, name: string, { rules }: EngineKnowledge): readonly ParameterRule[] {
  const held = rules?.corpus.entries[entry]?.rules ?? [];
  return held.filter(({ fields }) => fields.includes(name)).map(({ id, severity }) => ({ id, severity }));
}

/** A default that nobody can give: a member of an Enum, say, that is only made of its name. */
function isRefused(
  { name, default: usual }: Named,
  entries: readonly EntryOfSection[],
  { rules, profile }: EngineKnowledge,
): boolean {
  const judged = rules?.profileOn(profile);
  const [only, ...others] = entries;
  if (usual === undefined || only === undefined || others.length > 0 || judged === undefined) return false;
  const verdict = rules?.entry(only.entry, judged)?.judge(new Map([[name, decodeValue(usual)]]), judged);
  return verdict?.rules.some(({ severity, fields }) => severity === "error" && fields.join() === name) === true;
}

function limitsIn(
  { rules, profile }: EngineKnowledge,
  entry: string,
  name: string,
  types: ReadonlySet<string>,
): Limits {
  const judged = rules?.profileOn(profile);
  const compiled = judged === undefined ? undefined : rules?.entry(entry, judged);
  return compiled === undefined || judged === undefined ? NO_LIMITS : limitsOf(compiled, name, types, judged);
}
