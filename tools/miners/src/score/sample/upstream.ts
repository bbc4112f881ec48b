import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeValue, type PyValue } from "@lem/config/invariants";
import { canonicalJson } from "@lem/domain";
import type { Expr, ExprOf } from "../../syntax/expressions.ts";
import { everyNodeOf } from "../../syntax/inside.ts";
import { valueOfLiteral } from "../../syntax/literal-value.ts";
import type { PythonParser } from "../../syntax/parse.ts";
import { Draw } from "./draw.ts";
import { plausible } from "./plausible.ts";
import type { Sample } from "./strata.ts";
import type { Subject } from "./subject.ts";
import { wild } from "./wild.ts";

/** Keywords that a program gives a class, as far as they are written down. */
export interface WrittenCall {
  readonly entry: string;
  readonly given: ReadonlyMap<string, PyValue>;
}

/** The calls of classes in the Python files of a folder, each once: of the engine's own tests, say. */
export function writtenCalls(folder: string, entries: readonly string[], parser: PythonParser): readonly WrittenCall[] {
  const byName = new Map(entries.map((entry) => [entry.split(".").at(-1) ?? entry, entry]));
  const found = new Map<string, WrittenCall>();
  for (const path of globSync("**/*.py", { cwd: folder }).toSorted()) {
    const bytes = readFileSync(join(folder, path));
    const text = bytes.toString();
    if (![...byName.keys()].some((name) => text.includes(`${name}(`))) continue;
    for (const node of everyNodeOf(parser.parse(bytes).body)) {
      const entry = node.kind === "Call" ? byName.get(nameOf(node.func)) : undefined;
      if (entry === undefined) continue;
      const call = { entry, given: givenBy(node as ExprOf<"Call">) };
      found.set(canonicalJson({ entry, ...encoded(call.given) }), call);
    }
  }
  return [...found.values()].filter(({ given }) => given.size > 0);
}

const nameOf = (func: Expr): string => (func.kind === "Name" ? func.id : func.kind === "Attribute" ? func.attr : "");

const givenBy = ({ keywords }: ExprOf<"Call">): ReadonlyMap<string, PyValue> =>
  new Map(
    keywords.flatMap(({ name, value }) => {
      const known = valueOfLiteral(value);
      return name === null || known === undefined ? [] : [[name, known] as const];
    }),
  );

const encoded = (given: ReadonlyMap<string, PyValue>): Sample["keywords"] =>
  Object.fromEntries([...given].map(([name, value]) => [name, encodeValue(value)]));

/** Of each call so many variations are drawn. */
const VARIATIONS = 8;

/** Configurations of a class from calls that somebody wrote: as they are, and with one thing changed. */
export function upstreamSamples(subject: Subject, calls: readonly WrittenCall[], seed: number): readonly Sample[] {
  const { entry } = subject;
  const draw = new Draw(seed);
  return calls
    .filter((call) => call.entry === entry)
    .flatMap(({ given }) => [
      { stratum: "written", entry, keywords: encoded(given) } as const,
      ...Array.from({ length: VARIATIONS }, () => {
        const keywords = encoded(changed(given, subject, draw));
        return { stratum: "changed", entry, keywords } as const;
      }),
    ]);
}

/** One key left out, misspelt, added or given another value, mostly of its type. */
function changed(given: ReadonlyMap<string, PyValue>, { fields }: Subject, draw: Draw): ReadonlyMap<string, PyValue> {
  const name = draw.pick([...given.keys()]) ?? "";
  const kind = draw.unit();
  const rest = [...given].filter(([key]) => key !== name);
  if (kind < 0.15) return new Map(rest);
  if (kind < 0.2) return new Map([...rest, [`${name}s`, given.get(name) ?? null]]);
  const field = kind < 0.6 ? fields.find((each) => each.name === name) : draw.pick(fields);
  if (field === undefined) return given;
  const value = draw.chance(0.75) ? plausible(draw, field) : wild(draw, field);
  return new Map([...given, [field.name, value]]);
}
