import { decodeValue, type PyValue } from "@lem/config/invariants";
import type { DescribedParameter, EntryDescription } from "../../probe/description.ts";
import { boundsOf, typeOfShape, typeOfValue, union, type ValueType } from "./value-type.ts";
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
}

/** A class whose configurations are drawn. */
export interface Subject {
  readonly entry: string;
  readonly fields: readonly Field[];
}

/** Values by parameter that the documentation names. */
export type Documented = ReadonlyMap<string, readonly PyValue[]>;

/** The parameters of a class: the named ones, and those that become attributes where the constructor takes any. */
export function subjectOf(description: EntryDescription, documented: Documented): Subject {
  const named = description.parameters.map((parameter) => namedField(parameter, description, documented));
  const known = new Set(named.map(({ name }) => name));
  const takesAny = description.parameters.length === 0 && description.unknownKeys === "accept";
  const attributes = takesAny ? Object.entries(description.attributes ?? {}) : [];
  const others = attributes.flatMap(([name, value]) =>
    known.has(name) ? [] : [attributeField(name, decodeValue(value), { description, documented })],
  );
  const fields = [...named, ...others].filter(({ name, required }) => required || !name.startsWith("_"));
  return { entry: description.entry, fields };
}

function namedField(
  { name, required, shape, ...rest }: DescribedParameter,
  description: EntryDescription,
  documented: Documented,
): Field {
  const value = "default" in rest ? decodeValue(rest.default) : undefined;
  const annotated = typeOfShape(shape);
  const type = isVague(annotated) ? textType(name, value, description) : annotated;
  return {
    name,
    required,
    default: value,
    type: value === null ? union([type, { kind: "none" }]) : type,
    hints: [...boundsOf(shape), ...(documented.get(name) ?? [])],
  };
}

function attributeField(
  name: string,
  value: PyValue,
  { description, documented }: { readonly description: EntryDescription; readonly documented: Documented },
): Field {
  const type = textType(name, value, description);
  return {
    name,
    required: false,
    default: value,
    type: value === null ? union([type, { kind: "none" }]) : type,
    hints: documented.get(name) ?? [],
  };
}

const isVague = ({ kind }: ValueType): boolean => kind === "any" || kind === "opaque";

/** The documented type, else that of the default. */
function textType(name: string, value: PyValue | undefined, { documented }: EntryDescription): ValueType {
  const text = documented[name];
  const written: ValueType = text === undefined ? { kind: "any" } : typeOfText(text);
  return isVague(written) && value !== undefined && value !== null ? typeOfValue(value) : written;
}
