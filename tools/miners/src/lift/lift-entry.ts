import { decodeValue, type Expr } from "@lem/config/invariants";
import type { Candidate, EntryParameter, MadePart, Prepared, UnknownKeys } from "../candidates/candidate.ts";
import type { CoreField, CoreShape, EntryDescription } from "../probe/description.ts";
import { predicate } from "../walk/expr/conditions.ts";
import { neverKnown } from "../walk/recorder.ts";
import { all, any, anyOf, constantOf, either, not, value } from "./build.ts";
import { liftCore } from "./core.ts";
import { accepted, foreign, type Given, type Lifted, type Lookups } from "./lifted.ts";

/** What a class's own types say; the same for every class whose constructor is generated. */
export interface EntryLift {
  readonly parameters: readonly EntryParameter[];
  readonly unknownKeys: UnknownKeys;
  /** Refusals and changes by the types of fields. */
  readonly candidates: readonly Candidate[];
  /** What the class's own code finds in a field: an expression over the input, where it can differ from the input. */
  readonly values: Readonly<Record<string, Expr>>;
}

/** What the walk found out about the package's own code that runs before types, or for them. */
export interface OwnCode {
  /** What a class's methods make of a field before its type looks at it. */
  readonly prepared?: Readonly<Record<string, Prepared>> | undefined;
  readonly lookups?: Lookups;
}

const VALIDATION_ERROR = "pydantic_core._pydantic_core.ValidationError";

/**
 * The rules that a class has by its types. Only pydantic holds values to their types: the annotations of msgspec's
 * structs, dataclasses and plain classes bind nobody in a constructor, so those give parameters and defaults alone.
 */
export function liftEntry(description: EntryDescription, { prepared = {}, lookups }: OwnCode = {}): EntryLift {
  const { core, entry, unknownKeys } = description;
  const parameters = description.parameters.map(parameterOf);
  const fields = core?.fields.filter(({ init }) => init) ?? [];
  const given = (field: CoreField): Omit<Given, "of"> => ({
    strict: core?.strict ?? false,
    depth: 0,
    prepared: prepared[field.name],
    lookups,
  });
  const lifts = fields.map((field) => ({ field, lifted: liftField(field, keyOf(field), given(field)) }));
  const changing = lifts.filter(({ lifted }) => constantOf(lifted.same) !== true);
  return {
    parameters,
    unknownKeys,
    candidates: [
      ...lifts.flatMap(({ field, lifted }) => candidatesOf(entry, keyOf(field), lifted)),
      ...fields.flatMap((field) => otherNames(description, field, given(field))),
      ...fields.flatMap((field) => ownName(description, field)),
    ],
    values: Object.fromEntries(changing.map(({ field, lifted }) => [field.name, whenSet(field, lifted)])),
  };
}

/** The rules that the types of a part's fields have for the input of the entry that makes it. */
export function partCandidates(entry: string, part: MadePart, { core }: EntryDescription): readonly Candidate[] {
  return (core?.fields ?? []).flatMap((field) => {
    const of = part.fields[field.name];
    if (of === undefined || of.op === "const" || predicate(of).op === "unknown" || !field.plainAlias) return [];
    const lifted = liftCore(afterValidators(field.schema), { of, strict: core?.strict ?? false, depth: 0 });
    return joined(lifted).flatMap(([errorType, refusing]): readonly Candidate[] => {
      const when = all(predicate(part.when), refusing);
      if (neverKnown(when)) return [];
      const place = { kind: "lift", field: keyOf(field), errorType } as const;
      const outcome = { kind: "error", exception: VALIDATION_ERROR } as const;
      return [{ entry, origin: "pydantic_lift", stage: part.stage, shadowedBy: [], place, outcome, when }];
    });
  });
}

const OF_TYPE = /(_type|_parsing|_parsing_size|_from_float|^finite_number)$/;

/** The errors by which a value is not of its type at all are one: a class with hundreds of fields has thousands. */
function joined({ errors, refused: brief }: Pick<Lifted, "errors" | "refused">): readonly (readonly [string, Expr])[] {
  const [ofType = [], others = []] = [true, false].map((is) =>
    [...errors].filter(([type]) => OF_TYPE.test(type) === is),
  );
  const names = ofType.map(([type]) => type).join("|");
  if (ofType.length === 0) return others;
  const whole = others.length === 0 ? brief : undefined;
  return [[names, whole ?? anyOf(ofType.map(([, when]) => when))], ...others];
}

/** The type itself: the walk ran what comes before it. What stands around it is taken to let None by; the proof tells. */
function afterValidators(schema: CoreShape): CoreShape {
  if (!("of" in schema) || Array.isArray(schema.of)) return schema;
  const inner = schema.of as CoreShape | undefined;
  if (inner === undefined) return schema;
  if (schema.type === "function-before" || schema.type === "function-after") return afterValidators(inner);
  if (schema.type === "function-wrap") return { type: "nullable", of: afterValidators(inner) };
  return schema.type === "nullable" ? { ...schema, of: afterValidators(inner) } : schema;
}

const parameterOf = ({ name, default: usual }: EntryDescription["parameters"][number]): EntryParameter => ({
  name,
  default: usual === undefined ? undefined : value(decodeValue(usual)),
});

const keyOf = ({ name, alias }: CoreField): string => alias ?? name;
const inputOf = (path: string): Expr => ({ op: "field", path });
const isSet = (path: string): Expr => ({ op: "isSet", path });

function liftField({ plainAlias, schema }: CoreField, path: string, given: Omit<Given, "of">): Lifted {
  return plainAlias ? liftCore(schema, { ...given, of: inputOf(path) }) : foreign("a field that is read from a path");
}

/** A field by its further names: the first that is given counts, and the others are keys that nobody asked for. */
function otherNames(
  { entry, unknownKeys }: EntryDescription,
  field: CoreField,
  given: Omit<Given, "of">,
): readonly Candidate[] {
  const names = [keyOf(field), ...(field.others ?? [])];
  return names.flatMap((name, place) => {
    const earlier = any(...names.slice(0, place).map(isSet));
    if (place === 0) return [];
    const { errors } = liftField(field, name, { ...given, prepared: undefined });
    const of = new Map([...errors].map(([type, when]) => [type, all(not(earlier), when)] as const));
    if (unknownKeys === "reject") of.set("extra_forbidden", earlier);
    return errorsOf(entry, name, { errors: of });
  });
}

/** Where only an alias counts, the attribute's own name is a key that nobody asked for. */
function ownName({ entry, unknownKeys }: EntryDescription, field: CoreField): readonly Candidate[] {
  const { name, alias, others = [] } = field;
  const refused = unknownKeys === "reject" && alias !== null && !others.includes(name);
  return refused ? errorsOf(entry, name, { errors: new Map([["extra_forbidden", value(true)]]) }) : [];
}

/** A default is not validated. */
function whenSet(field: CoreField, { value: made, same }: Lifted): Expr {
  const input = inputOf(keyOf(field));
  return either(all(isSet(keyOf(field)), not(same)), made, input);
}

function errorsOf(entry: string, field: string, lifted: Parameters<typeof joined>[0]): readonly Candidate[] {
  return joined(lifted).map(([errorType, when]): Candidate => ({
    ...common(entry),
    place: { kind: "lift", field, errorType },
    outcome: { kind: "error", exception: VALIDATION_ERROR },
    when: all(isSet(field), when),
  }));
}

const common = (entry: string) => ({ entry, origin: "pydantic_lift", stage: 0, shadowedBy: [] }) as const;

function candidatesOf(entry: string, field: string, lifted: Lifted): readonly Candidate[] {
  const errors = errorsOf(entry, field, lifted);
  if (constantOf(lifted.same) === true) return errors;
  const change: Candidate = {
    ...common(entry),
    place: { kind: "lift", field, errorType: "coercion" },
    outcome: { kind: "normalise", field, to: lifted.value },
    when: all(isSet(field), accepted(lifted), not(lifted.same)),
  };
  return [...errors, change];
}
