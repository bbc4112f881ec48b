import { decodeValue, type PyValue } from "@lem/config/invariants";
import type { Shape } from "../../probe/description.ts";

/** What an annotation allows, as far as values can be made for it. */
export type ValueType =
  | { readonly kind: "any" | "opaque" | "none" | "bool" | "int" | "float" | "str" | "bytes" }
  | { readonly kind: "values"; readonly values: readonly PyValue[] }
  | { readonly kind: "list" | "tuple" | "set"; readonly items: ValueType }
  | { readonly kind: "dict"; readonly keys: ValueType; readonly values: ValueType }
  | { readonly kind: "union"; readonly of: readonly ValueType[] };

/** The type of a live class's annotation. */
export function typeOfShape(shape: Shape): ValueType {
  switch (shape.type) {
    case "literal":
    case "enum":
      return { kind: "values", values: Object.values(shape.values).map((value: unknown) => decodeValue(value)) };
    case "union":
      return union(shape.of.map(typeOfShape));
    case "constrained":
      return typeOfShape(shape.of);
    case "class":
    case "callable":
    case "unknown":
      return { kind: "opaque" };
    default:
      return "items" in shape || "keys" in shape ? containerOf(shape) : { kind: shape.type };
  }
}

function containerOf(shape: Extract<Shape, { items: unknown } | { keys: unknown }>): ValueType {
  switch (shape.type) {
    case "dict":
      return { kind: "dict", keys: typeOfShape(shape.keys), values: typeOfShape(shape.values) };
    case "tuple":
      return { kind: "tuple", items: union(shape.items.map(typeOfShape)) };
    case "list":
    case "sequence":
      return { kind: "list", items: typeOfShape(shape.items) };
    default:
      return { kind: "set", items: typeOfShape(shape.items) };
  }
}

/** Numbers that the annotation itself bounds a value by. */
export function boundsOf(shape: Shape): readonly PyValue[] {
  if (shape.type === "union") return shape.of.flatMap(boundsOf);
  if (shape.type !== "constrained") return [];
  const { of, type: _, ...constraints } = shape;
  return [...boundsOf(of), ...Object.values(constraints).map((bound) => decodeValue(bound))];
}

/** The type of a value: what a default tells where there is no annotation. */
export function typeOfValue(value: PyValue): ValueType {
  if (value === null) return { kind: "any" };
  if (typeof value === "boolean") return { kind: "bool" };
  if (typeof value === "number" || typeof value === "bigint") return { kind: "int" };
  if (typeof value === "string") return { kind: "str" };
  switch (value.type) {
    case "float":
    case "bytes":
      return { kind: value.type };
    case "list":
    case "tuple":
      return { kind: value.type, items: union([...new Set(value.items)].map(typeOfValue)) };
    case "dict":
      return { kind: "dict", keys: { kind: "str" }, values: { kind: "any" } };
    case "object":
      return { kind: "opaque" };
    default:
      return { kind: "set", items: { kind: "any" } };
  }
}

/** One of several types, each once and none of them a union; one alone stands for itself, and none for any. */
export function union(of: readonly ValueType[]): ValueType {
  const flat = of.flatMap((type) => (type.kind === "union" ? type.of : [type]));
  const distinct = [...new Map(flat.map((type) => [JSON.stringify(type, bigintText), type])).values()];
  const [first = { kind: "any" }] = distinct;
  return distinct.length > 1 ? { kind: "union", of: distinct } : first;
}

const bigintText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);
