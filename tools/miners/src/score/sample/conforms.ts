import { isDict, isSequence, isSet, type PyValue } from "@lem/config/invariants";
import type { Subject } from "./subject.ts";
import type { ValueType } from "./value-type.ts";

/** True where a value is of a type as a type checker sees it: the trivial judge that knows annotations alone. */
export function conforms(value: PyValue, type: ValueType): boolean {
  switch (type.kind) {
    case "any":
    case "opaque":
      return true;
    case "union":
      return type.of.some((each) => conforms(value, each));
    case "values":
      return type.values.some((each) => each === value);
    case "list":
    case "tuple":
      return isSequence(value) && value.type === type.kind && value.items.every((item) => conforms(item, type.items));
    case "set":
      return isSet(value);
    case "dict":
      return isDict(value);
    default:
      return isPlain(value, type.kind);
  }
}

function isPlain(value: PyValue, kind: "none" | "bool" | "int" | "float" | "str" | "bytes"): boolean {
  if (value === null) return kind === "none";
  if (typeof value === "boolean") return kind === "bool";
  if (typeof value === "number" || typeof value === "bigint") return kind === "int" || kind === "float";
  if (typeof value === "string") return kind === "str";
  return value.type === kind;
}

/** Whether every given value is of its parameter's type; a key that is no parameter is not. */
export function conformsTo(subject: Subject, given: ReadonlyMap<string, PyValue>): boolean {
  const types = new Map(subject.fields.map(({ name, type }) => [name, type]));
  return [...given].every(([name, value]) => {
    const type = types.get(name);
    return type !== undefined && conforms(value, type);
  });
}
