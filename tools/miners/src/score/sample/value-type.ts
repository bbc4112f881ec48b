import { decodeValue, type PyValue } from "@lem/config/invariants";
import type { Shape } from "../../probe/description.ts";

/** What an annotation allows, as far as values can be made for it. */
export type ValueType =
  | { readonly kind: "any" | "none" | "bool" | "int" | "float" | "str" | "bytes" }
  /** A class, by the name that is written for it. */
  | { readonly kind: "opaque"; readonly name: string }
  | { readonly kind: "values"; readonly values: readonly PyValue[] }
  | { readonly kind: "list" | "tuple" | "set"; readonly items: ValueType }
  | { readonly kind: "dict"; readonly keys: ValueType; readonly values: ValueType }
  | { readonly kind: "union"; readonly of: readonly ValueType[] };

/** The type of a live class's annotation. */
export function typeOfShape(shape: Shape): ValueType {
  switch (shape.type) {
    case "literal":
      return valuesOf(Object.values(shape.values));
    case "enum":
      return valuesOf([...Object.values(shape.values), ...Object.values(shape.members)]);
    case "union":
      return union(shape.of.map(typeOfShape));
    case "constrained":
      return typeOfShape(shape.of);
    case "class":
      return { kind: "opaque", name: shape.class };
    case "callable":
    case "unknown":
      return { kind: "opaque", name: "" };
    default:
      return "items" in shape || "keys" in shape ? containerOf(shape) : { kind: shape.type };
  }
}

const valuesOf = (tagged: readonly unknown[]): ValueType => ({ kind: "values", values: tagged.map(decodeValue) });

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

/** Names of the classes that a type names anywhere. */
export function classesIn(type: ValueType): readonly string[] {
  switch (type.kind) {
    case "opaque":
      return type.name === "" ? [] : [type.name];
    case "union":
      return type.of.flatMap(classesIn);
    case "dict":
      return [type.keys, type.values].flatMap(classesIn);
    case "list":
    case "tuple":
    case "set":
      return classesIn(type.items);
    default:
      return [];
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
      return { kind: "opaque", name: value.className };
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
