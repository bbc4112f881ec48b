import { encodeValue, float, int, type PyValue } from "@lem/config/invariants";
import type { Tagged } from "../../probe/protocol.ts";
import { conforms } from "./conforms.ts";
import { Draw } from "./draw.ts";
import { isNesting, nestedValue, plausible } from "./plausible.ts";
import type { Field, Subject } from "./subject.ts";
import { wild } from "./wild.ts";

/** How configurations are drawn. */
export const STRATA = {
  typed: "1-4 keys, each of its type",
  boundary: "one key at or beside a number that the engine names, with up to two others",
  pairwise: "two keys, every pair of parameters in turn",
  dense: "5-10 keys, each of its type",
  nested: "1-3 keys, one of them an object of a class of the engine, a dict of its keywords, or one of documented keys",
  wild: "1-4 keys, at least one of a wrong type, at times a key that does not exist",
} as const;

/** How configurations come about that somebody else wrote: the engine's own tests. */
export const WRITTEN_STRATA = {
  written: "a call in the engine's own tests, with those of its keywords whose values are written there",
  changed: "such a call with one key left out, added, misspelt or of another value",
} as const;

/** One of {@link STRATA}. */
export type DrawnStratum = keyof typeof STRATA;
/** Where a configuration comes from. */
export type Stratum = DrawnStratum | keyof typeof WRITTEN_STRATA;

/** One configuration of a class. */
export interface Sample {
  readonly stratum: Stratum;
  readonly entry: string;
  readonly keywords: Readonly<Record<string, Tagged>>;
}

type Assigned = readonly (readonly [string, PyValue])[];

/** Draws configurations of a class; the same seed gives the same ones. */
export function drawSamples(subject: Subject, stratum: DrawnStratum, how: { count: number; seed: number }): Sample[] {
  const draw = new Draw(hashOf(`${how.seed} ${stratum} ${subject.entry}`));
  if (subject.fields.length === 0) return [{ stratum, entry: subject.entry, keywords: {} }];
  if (stratum === "nested" && !subject.fields.some(isNesting)) return [];
  const pairs = stratum === "pairwise" ? everyPair(subject.fields, draw) : [];
  return Array.from({ length: how.count }, (_, index) => {
    const chosen = assigned(draw, subject, { stratum, pair: pairs[index % Math.max(1, pairs.length)] });
    const keywords = Object.fromEntries(chosen.map(([name, value]) => [name, encodeValue(value)]));
    return { stratum, entry: subject.entry, keywords };
  });
}

function assigned(
  draw: Draw,
  { fields }: Subject,
  { stratum, pair }: { stratum: DrawnStratum; pair: readonly Field[] | undefined },
): Assigned {
  const needed = fields.filter(({ required }) => required);
  const typed = (chosen: readonly Field[]): Assigned => [
    ...needed.filter((field) => !chosen.includes(field)).map((field) => [field.name, usual(draw, field)] as const),
    ...chosen.map((field) => [field.name, plausible(draw, field)] as const),
  ];
  switch (stratum) {
    case "typed":
      return typed(draw.some(fields, draw.between(1, 4)));
    case "dense":
      return typed(draw.some(fields, draw.between(5, 10)));
    case "pairwise":
      return typed(pair ?? draw.some(fields, 2));
    case "boundary":
      return [...typed(draw.some(fields, draw.between(0, 2))), ...atBoundary(draw, fields)];
    case "nested":
      return [...typed(draw.some(fields, draw.between(0, 2))), ...within(draw, fields)];
    case "wild":
      return [...typed(draw.some(fields, draw.between(0, 3))), ...wrong(draw, fields)];
  }
}

/** What must be given is mostly given as documented, so that what else there is comes to its turn. */
function usual(draw: Draw, field: Field): PyValue {
  const documented = field.hints.filter((value) => conforms(value, field.type));
  return (draw.chance(0.7) ? draw.pick(documented) : undefined) ?? plausible(draw, field);
}

function atBoundary(draw: Draw, fields: readonly Field[]): Assigned {
  const numeric = fields.filter((field) => boundaries(field).length > 0);
  const field = draw.pick(numeric);
  return field === undefined ? [] : [[field.name, draw.pick(boundaries(field)) ?? null]];
}

/** Numbers that the engine names for a parameter, the usual ends of ranges, and their neighbours. */
function boundaries({ type, hints, default: usual }: Field): readonly PyValue[] {
  const kinds = new Set((type.kind === "union" ? type.of : [type]).map(({ kind }) => kind));
  if (!kinds.has("int") && !kinds.has("float")) return [];
  const named = [...hints, usual].flatMap((value) => (value === undefined ? [] : numbersOf(value)));
  const around = [...new Set([0, 1, ...named])];
  if (!kinds.has("float")) return around.flatMap((n) => [n - 1, n, n + 1].map((each) => int(BigInt(Math.round(each)))));
  return around.flatMap((n) => [n - 1, n, n + 1, n - 1e-6, n + 1e-6, n - 0.1, n + 0.1].map(float));
}

function numbersOf(value: PyValue): readonly number[] {
  if (typeof value === "number") return [value];
  return value !== null && typeof value === "object" && value.type === "float" && Number.isFinite(value.value)
    ? [value.value]
    : [];
}

function within(draw: Draw, fields: readonly Field[]): Assigned {
  const field = draw.pick(fields.filter(isNesting));
  return field === undefined ? [] : [[field.name, nestedValue(draw, field)]];
}

function wrong(draw: Draw, fields: readonly Field[]): Assigned {
  const chosen = draw.some(fields, draw.between(1, 2)).map((field) => [field.name, wild(draw, field)] as const);
  const [first] = chosen;
  return first !== undefined && draw.chance(0.05) ? [...chosen, [misspelt(draw, first[0]), first[1]]] : chosen;
}

function misspelt(draw: Draw, name: string): string {
  const at = draw.between(0, name.length - 1);
  return `${name.slice(0, at)}${name.slice(at + 1)}` || `${name}s`;
}

function everyPair(fields: readonly Field[], draw: Draw): readonly (readonly Field[])[] {
  const pairs = fields.flatMap((a, at) => fields.slice(at + 1).map((b) => [a, b]));
  return draw.some(pairs, pairs.length);
}

/** FNV-1a: other strata and classes must draw other values. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
