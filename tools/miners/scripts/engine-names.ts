/**
 * Holds that the miner names nothing that is an engine's own: every class, method and field that the targets, the
 * schemas and the corpora tell is looked for in its sources and its probe, or in the files given. Knowledge of an engine
 * belongs in `tools/miners/targets/<engine>.yaml`; then a new version needs no edit of the miner.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allTargets } from "../src/targets/targets.ts";
import type { Target } from "../src/targets/target.ts";

/** What of a compiled corpus is read here. */
interface NamesOfCorpus {
  readonly entries: Readonly<
    Record<
      string,
      {
        readonly defaults: object;
        readonly required: readonly string[];
        readonly rules: readonly { readonly source: { readonly qualname: string } }[];
        readonly effective: object;
      }
    >
  >;
}

const ROOT = join(import.meta.dirname, "../../..");
const SOURCES = ["tools/miners/src/**/*.ts", "tools/miners/probe/**/*.py", "tools/miners/probe/node/*.ts"];

/** Plain words that some engine uses for a field, and that the miner means in their own sense. */
const COMMON = new Set([
  "auto",
  "choice",
  "config",
  "cuda",
  "errors",
  "format",
  "ignore",
  "key",
  "method",
  "mode",
  "model",
  "n",
  "name",
  "type",
  "version",
]);

/** What pydantic, msgspec and annotated-types call their own constraints and hooks, where they are read: the lifts. */
const LIBRARIES = new Set(["max_length", "min_length", "post_init"]);
const LIFTS = /^tools\/miners\/(probe|src\/probe|src\/lift|src\/schema)\//;

/** Names in a target: the parts of all that is dotted, keys of sections, methods. */
function targetNames(target: Target): readonly string[] {
  const dotted = everyText(target).filter((text) => /^\w+(\.\w+)+$/.test(text));
  const keys = Object.values(target.sections).flatMap((held) => (typeof held === "string" ? [] : [held.key]));
  const methods = [...target.classes, ...target.families].flatMap(({ calls }) => calls.map(({ method }) => method));
  return [target.root, ...dotted.flatMap((name) => name.split(".").slice(1)), ...keys, ...methods];
}

function everyText(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.entries(value).flat().flatMap(everyText) : [];
}

/** Names of parameters in a schema, at any depth. */
function schemaNames(schema: unknown): readonly string[] {
  if (schema === null || typeof schema !== "object") return [];
  const { properties } = schema as { properties?: unknown };
  const own = properties !== null && typeof properties === "object" ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap(schemaNames)];
}

const corpusNames = ({ entries }: NamesOfCorpus): readonly string[] =>
  Object.entries(entries).flatMap(([entry, { defaults, required, rules, effective }]) => [
    ...entry.split(".").slice(1),
    ...required,
    ...[defaults, effective].flatMap((named) => Object.keys(named)),
    ...rules.flatMap(({ source }) => source.qualname.split(".")),
  ]);

const held = (pattern: string): readonly unknown[] =>
  globSync(pattern, { cwd: ROOT }).map((path) => JSON.parse(readFileSync(join(ROOT, path), "utf8")) as unknown);

function engineNames(): ReadonlySet<string> {
  const names = allTargets().flatMap((target) => [
    ...targetNames(target),
    ...held(`corpora/${target.engine}/*/schema.json`).flatMap(schemaNames),
    ...held(`corpora/${target.engine}/*/invariants.json`).flatMap((corpus) => corpusNames(corpus as NamesOfCorpus)),
  ]);
  return new Set(names.filter((name) => !/^__\w+__$/.test(name) && !COMMON.has(name)));
}

/** A word that nobody writes by chance: joined by underscores, or of several humps. */
const isDistinct = (word: string): boolean => /[A-Za-z]_[A-Za-z]/.test(word) || /^[A-Z]+[a-z0-9]+[A-Z]/.test(word);

/** Distinct names count anywhere, comments included; a plain word only where it is a whole string. */
function namedIn(text: string, names: ReadonlySet<string>): readonly string[] {
  const words = new Set(text.match(/[A-Za-z_]\w*/g));
  const strings = new Set([...text.matchAll(/(["'])([A-Za-z_]\w*)\1/g)].map(([, , word]) => word));
  return [...names].filter((name) => (isDistinct(name) ? words.has(name) : strings.has(name)));
}

const names = engineNames();
const files =
  process.argv.length > 2 ? process.argv.slice(2) : SOURCES.flatMap((each) => globSync(each, { cwd: ROOT }));
const guilty = files.toSorted().flatMap((file) => {
  const all = namedIn(readFileSync(join(ROOT, file), "utf8"), names);
  const found = LIFTS.test(file) ? all.filter((name) => !LIBRARIES.has(name)) : all;
  return found.length === 0 ? [] : [`${file} names what is an engine's own: ${found.join(", ")}`];
});
console.log(
  [...guilty, `${names.size} names of engines, ${guilty.length} of ${files.length} files name one`].join("\n"),
);
process.exitCode = guilty.length === 0 && names.size > 100 && files.length > 0 ? 0 : 1;
