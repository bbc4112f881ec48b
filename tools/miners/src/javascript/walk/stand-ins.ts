import { data, NULL, number, text, truth } from "./semantics.ts";
import { constant, FALSE, TRUE } from "../../walk/expr/intern.ts";
import { float } from "@lem/config/invariants";
import type { Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

const WORDS: Readonly<Record<string, number>> = { inf: Infinity, nan: Number.NaN };

/** A value as a target writes it: plain JSON, and tagged floats. */
export function valueOfJson(walk: Walk, written: unknown, at: At): Value {
  if (written === null || written === undefined) return NULL;
  if (typeof written === "number") return number(written);
  if (typeof written === "string") return text(written);
  if (typeof written === "boolean") return truth(written ? TRUE : FALSE);
  const object = written as Readonly<Record<string, unknown>>;
  if (object["$py"] === "float")
    return data(constant(float(WORDS[String(object["value"])] ?? Number(object["value"]))), "number");
  if (typeof object["$live"] === "string") return { kind: "live", path: object["$live"] };
  if (object["$input"] === true) return { kind: "input" };
  const entries = Object.entries(object).map(([name, value]) => [name, valueOfJson(walk, value, at)] as const);
  return walk.newObject(at, { properties: new Map(entries) });
}
