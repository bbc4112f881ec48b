import { decodeValue, type PyValue } from "@lem/config/invariants";
import type { DescribedParameter, EntryDescription } from "../../probe/description.ts";
import type { Documentation } from "./doc-words.ts";
import { boundsOf, classesIn, typeOfShape, typeOfValue, union, type ValueType } from "./value-type.ts";
import { typeOfText } from "./type-text.ts";

/** A parameter, with what the engine itself says of it. */
export interface Field {
  readonly name: string;
  readonly type: ValueType;
  readonly required: boolean;
  /** Undefined where none is known. */
  readonly default: PyValue | undefined;
  /** Values that the annotation or the documentation names. */
  readonly hints: readonly PyValue[];
  /** Names that the documentation gives in its place: of one that takes a dict, mostly keys. */
  readonly names: readonly string[];
  /** Classes of the engine whose objects it takes, or dicts of their keywords. */
  readonly nested: readonly NestedClass[];
}

/** A class of the engine that is the value of a parameter. */
export interface NestedClass {
  readonly className: string;
  readonly mro: readonly string[];
  /** False for one that only others derive from. */
  readonly isMade: boolean;
  readonly fields: readonly Field[];
}

/** A class whose configurations are drawn. */
export interface Subject {
  readonly entry: string;
  readonly fields: readonly Field[];
}

/** What is written of a class besides what its live form tells. */
export interface Written {
  readonly documented: ReadonlyMap<string, Documentation>;
  /** The classes that a name in a type stands for. */
  readonly nested: (name: string) => readonly NestedClass[];
}

/** The parameters of a class: the named ones, and those that become attributes where the constructor takes any. */
export function subjectOf(description: EntryDescription, written: Written): Subject {
  const named = description.parameters.map((parameter) => namedField(parameter, description, written));
  const known = new Set(named.map(({ name }) => name));
  const takesAny = description.parameters.length === 0 && description.unknownKeys === "accept";
  const attributes = takesAny ? Object.entries(description.attributes ?? {}) : [];
  const others = attributes.flatMap(([name, value]) => {
    if (known.has(name)) return [];
    const usual = decodeValue(value);
    const type = textType(name, usual, description);
    return [fieldOf({ name, required: false, default: usual }, { type, bounds: [] }, written)];
  });
  const fields = [...named, ...others].filter(({ name, required }) => required || !name.startsWith("_"));
  return { entry: description.entry, fields };
}

function namedField(
  { name, required, shape, ...rest }: DescribedParameter,
  description: EntryDescription,
  written: Written,
): Field {
  const value = "default" in rest ? decodeValue(rest.default) : undefined;
  const annotated = typeOfShape(shape);
  const type = isVague(annotated) ? textType(name, value, description) : annotated;
  return fieldOf({ name, required, default: value }, { type, bounds: boundsOf(shape) }, written);
}

function fieldOf(
  plain: Pick<Field, "name" | "required" | "default">,
  { type, bounds }: { readonly type: ValueType; readonly bounds: readonly PyValue[] },
  { documented, nested }: Written,
): Field {
  const { values = [], names = [] } = documented.get(plain.name) ?? {};
  return {
    ...plain,
    type: plain.default === null ? union([type, { kind: "none" }]) : type,
    hints: [...bounds, ...values],
    names,
    nested: [...new Set(classesIn(type))].flatMap(nested),
  };
}

/** Names of all classes that the types of parameters name. */
export const classNamesOf = (description: EntryDescription): readonly string[] =>
  subjectOf(description, { documented: new Map(), nested: () => [] }).fields.flatMap(({ type }) => classesIn(type));

const isVague = ({ kind }: ValueType): boolean => kind === "any" || kind === "opaque";

/** The documented type, else that of the default. */
function textType(name: string, value: PyValue | undefined, { documented }: EntryDescription): ValueType {
  const text = documented[name];
  const written: ValueType = text === undefined ? { kind: "any" } : typeOfText(text);
  return isVague(written) && value !== undefined && value !== null ? typeOfValue(value) : written;
}
