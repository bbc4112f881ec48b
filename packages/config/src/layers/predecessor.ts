import { DEPRECATED_ENGINE_NAMES, isEngineId } from "@lem/domain";
import { problemAt, type Problem } from "../problem.ts";
import { emptyMap, entryOf, withEntries, type Entry, type Located, type MapNode } from "../yaml/located.ts";
import { overlayAll } from "./overlay.ts";
import {
  ENGINE_FIELDS,
  EXECUTION_FIELDS,
  FIELDS,
  PRECISION_FIELDS,
  PRECISIONS,
  RUN_ORDERS,
} from "./predecessor-names.ts";

/** A file in today's form, with a note where it was in another one. */
export interface ReadForm {
  readonly map: MapNode;
  readonly problems: readonly Problem[];
}

/** Keys that only campaigns and studies of the predecessor have at their root. */
const MARKS = [
  "campaign_name",
  "configs",
  "base_config",
  "vary",
  "study_name",
  "study_execution",
  "experiments",
  "task",
];
const SWEEP_KEYS = new Set(["axes", "groups", "experiments", "sample"]);

/**
 * Reads the predecessor's forms: a campaign of files (`configs`), one of a base with what varies (`base_config`, `vary`), and
 * a study (`study_name`, `task`, a `sweep` of dotted fields, `study_execution`). What has no place today stays as it is,
 * and is refused with the other unknown keys.
 */
export function readPredecessor(file: MapNode): ReadForm {
  if (!isOldForm(file)) return { map: file, problems: [] };
  const message = "a campaign of the predecessor: it is read as a study";
  const hint = "docs/studies.md shows today's form; lem plan shows what this file becomes";
  const problem = problemAt(file.mark, { code: "config.deprecated", severity: "warn", path: [], message, hint });
  return { map: new OldForm(file).today(), problems: [problem] };
}

const isOldForm = (file: MapNode): boolean =>
  MARKS.some((key) => file.entries.has(key)) || isPlainSweep(entryOf(file, "sweep")?.value) || isEngineList(file);

/** A sweep whose fields stand directly in it. */
const isPlainSweep = (sweep: Located | undefined): boolean =>
  sweep?.kind === "map" && [...sweep.entries.keys()].some((key) => key.includes(".") && !SWEEP_KEYS.has(key));

const isEngineList = (file: MapNode): boolean => entryOf(file, "engine")?.value.kind === "list";

/** A field under its old dotted name. */
interface OldField {
  readonly name: string;
  readonly entry: Entry;
}

class OldForm {
  readonly #file: MapNode;
  readonly #engines: readonly string[];
  readonly #readers: ReadonlyMap<string, (entry: Entry) => readonly MapNode[]> = new Map(
    Object.entries({
      base: (entry: Entry) => [nest(["extends"], entry)],
      configs: (entry: Entry) => this.#experiments(entry),
      experiments: (entry: Entry) => this.#experiments(entry),
      base_config: (entry: Entry) => this.#fixed(fieldsOf(entry)),
      vary: (entry: Entry) => fieldsOf(entry).flatMap((field) => this.#varied(field)),
      sweep: (entry: Entry) => entriesOf(entry).flatMap(([key, inner]) => this.#sweep(key, inner)),
      study_execution: (entry: Entry) => fieldsOf(entry).map(executionField),
    }),
  );

  constructor(file: MapNode) {
    this.#file = file;
    this.#engines = enginesOf(file);
  }

  today(): MapNode {
    const own = [...this.#file.entries].flatMap(([key, entry]) => this.#root(key, entry));
    return { ...overlayAll(own.toReversed()), mark: this.#file.mark };
  }

  #root(key: string, entry: Entry): readonly MapNode[] {
    const reader = this.#readers.get(key);
    if (reader !== undefined) return reader(entry);
    if (entry.value.kind === "map") return this.#fixed(fieldsIn(entry.value, key));
    const varies = entry.value.kind === "list" && VARIED_AT_ROOT.has(key);
    return varies ? this.#varied({ name: key, entry }) : this.#fixed([{ name: key, entry }]);
  }

  /** The sweep's fields stood directly in it. */
  #sweep(key: string, entry: Entry): readonly MapNode[] {
    return SWEEP_KEYS.has(key) ? [nest(["sweep", key], entry)] : this.#varied({ name: key, entry });
  }

  #experiments(entry: Entry): readonly MapNode[] {
    return [nest(["sweep", "experiments"], { ...entry, value: this.#listed(entry.value) })];
  }

  #fixed(fields: readonly OldField[]): readonly MapNode[] {
    return fields.flatMap(({ name, entry }) =>
      this.#places(name).map((place) => nest(place.split("."), renamedValue(name, entry))),
    );
  }

  /** A list is an axis, a list of maps a group; anything else a fixed value. */
  #varied({ name, entry }: OldField): readonly MapNode[] {
    const { value } = entry;
    if (value.kind === "list" && value.items.some(({ kind }) => kind === "map"))
      return [nest(["sweep", "groups", name], { ...entry, value: this.#listed(value) })];
    const isRange = value.kind === "map" && value.entries.has("min");
    if (value.kind !== "list" && !isRange) return this.#fixed([{ name, entry }]);
    const places = this.#places(name);
    const renamed = renamedValue(name, entry);
    const [only = name] = places;
    if (places.length < 2) return [nest(["sweep", "axes", only], renamed)];
    const fields = listOf(
      places.map((place) => textOf(place, entry)),
      entry,
    );
    const axis = withEntries(emptyMap(value.origin), [
      ["fields", { key: entry.key, value: fields }],
      ["values", renamed],
    ]);
    return [nest(["sweep", "axes", name.split(".").at(-1) ?? name], { ...entry, value: axis })];
  }

  /** Variants and experiments: maps of fields under their old names. */
  #listed(value: Located): Located {
    if (value.kind !== "list") return value;
    const items = value.items.map((item) =>
      item.kind === "map" ? { ...overlayAll(this.#fixed(fieldsIn(item)).toReversed()), mark: item.mark } : item,
    );
    return { ...value, items };
  }

  /** Where a field stands today, one place for each engine where they name it themselves. */
  #places(name: string): readonly string[] {
    if (PRECISION_FIELDS.has(name))
      return this.#engines.flatMap((engine) => ENGINE_FIELDS.get(`${engine}.dtype`) ?? []);
    const known = FIELDS.get(name) ?? ENGINE_FIELDS.get(todayEngine(name));
    if (known !== undefined) return [known];
    return [todayEngine(name).replace(/^transformers\.sampling\./, "transformers.generation.")];
  }
}

/** Fields of which a list at the root was an axis. */
const VARIED_AT_ROOT = new Set(["engine", "backend"]);

const entriesOf = ({ value }: Entry): readonly (readonly [string, Entry])[] =>
  value.kind === "map" ? [...value.entries] : [];

const fieldsOf = ({ value }: Entry): readonly OldField[] => (value.kind === "map" ? fieldsIn(value) : []);

/** A dotted name with today's name of its engine. */
function todayEngine(name: string): string {
  const [root = "", ...rest] = name.split(".");
  return [DEPRECATED_ENGINE_NAMES[root] ?? root, ...rest].join(".");
}

/** The engines that an old file names, in today's words; the predecessor's usual one where it names none. */
function enginesOf(file: MapNode): readonly string[] {
  const places = [file, ...["base_config", "vary"].flatMap((key) => entryOf(file, key)?.value ?? [])];
  const named = places.flatMap((place) => ["engine", "backend"].flatMap((key) => entryOf(place, key)?.value ?? []));
  const words = named
    .flatMap((node) => (node.kind === "list" ? node.items : [node]))
    .flatMap((node) => wordOf(node) ?? []);
  const known = words.map((word) => DEPRECATED_ENGINE_NAMES[word] ?? word).filter(isEngineId);
  return known.length === 0 ? ["transformers"] : [...new Set(known)];
}

const wordOf = (node: Located): string | undefined =>
  node.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;

/** The fields of nested maps under dotted names. Inside of engines' own maps nothing is renamed. */
function fieldsIn(map: MapNode, above = ""): readonly OldField[] {
  return [...map.entries].flatMap(([key, entry]) => {
    const name = above === "" ? key : `${above}.${key}`;
    const isWhole = entry.value.kind !== "map" || entry.value.entries.size === 0 || entry.value.entries.has("min");
    return isWhole || name.split(".").length > 2 ? [{ name, entry }] : fieldsIn(entry.value as MapNode, name);
  });
}

function executionField({ name, entry }: OldField): MapNode {
  const place = EXECUTION_FIELDS.get(name) ?? `execution.${name}`;
  const word = wordOf(entry.value);
  const order = name === "experiment_order" && word !== undefined ? RUN_ORDERS.get(word) : undefined;
  return nest(place.split("."), order === undefined ? entry : { ...entry, value: textOf(order, entry) });
}

/** Precisions had names of their own. */
function renamedValue(name: string, entry: Entry): Entry {
  if (!PRECISION_FIELDS.has(name)) return entry;
  const rename = (node: Located): Located => {
    const word = wordOf(node);
    return word === undefined || node.kind !== "scalar" ? node : { ...node, value: PRECISIONS.get(word) ?? word };
  };
  const { value } = entry;
  return { ...entry, value: value.kind === "list" ? { ...value, items: value.items.map(rename) } : rename(value) };
}

const textOf = (value: string, { value: { mark, origin } }: Entry): Located => ({
  kind: "scalar",
  value,
  float: false,
  mark,
  origin,
});

const listOf = (items: readonly Located[], { value: { mark, origin } }: Entry): Located => ({
  kind: "list",
  items,
  mark,
  origin,
});

const nest = (path: readonly string[], entry: Entry): MapNode =>
  path.reduceRight<Located>(
    (inner, key) => withEntries(emptyMap(entry.value.origin), [[key, { key: entry.key, value: inner }]]),
    entry.value,
  ) as MapNode;
