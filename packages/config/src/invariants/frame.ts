import { isFault, raises, unknown, type Outcome } from "./outcome.ts";
import { textKey } from "./values/equality.ts";
import { isDict, isObject, type PyValue } from "./values/value.ts";

/** Values by name: by field path or by fact. */
export type Values = ReadonlyMap<string, PyValue>;

/** What a predicate is evaluated on. */
export interface EvaluationInput {
  /** The fields that the configuration gives; one of a section may stand under its dotted path. */
  readonly declared: Values;
  /** The engine version's defaults. A field in neither is unknown. */
  readonly defaults?: Values | undefined;
  /** What is known of the machine, the model and the engine's environment. */
  readonly facts?: Values | undefined;
}

/** A configuration projected onto the slots of a table, once for all its predicates. */
export interface Frame {
  readonly values: readonly Outcome[];
  readonly defaults: readonly Outcome[];
  readonly given: readonly boolean[];
  readonly facts: readonly Outcome[];
  /** Variables of the predicate under evaluation. */
  readonly variables: Outcome[];
  /** Elements that its quantifiers visited. */
  steps: number;
}

const NOTHING: Values = new Map();

/** Numbers the fields and facts that predicates read, so that evaluation needs no look-up by name. */
export class SlotTable {
  readonly #fields = new Map<string, number>();
  /** The paths with slots, by their first part. */
  readonly #byRoot = new Map<string, string[]>();
  readonly #facts = new Map<string, number>();

  /** The slot of a field path. */
  field(path: string): number {
    const known = this.#fields.get(path);
    if (known !== undefined) return known;
    const root = rootOf(path);
    this.#byRoot.set(root, [...(this.#byRoot.get(root) ?? []), path]);
    return slotOf(this.#fields, path);
  }

  /** The slot of a fact. */
  fact(name: string): number {
    return slotOf(this.#facts, name);
  }

  /** The field paths that have slots. */
  get fields(): readonly string[] {
    return [...this.#fields.keys()];
  }

  /** The facts that have slots. */
  get facts(): readonly string[] {
    return [...this.#facts.keys()];
  }

  /** Projects a configuration onto the slots that exist now: compile all predicates first. */
  frame({ declared, defaults = NOTHING, facts = NOTHING }: EvaluationInput): Frame {
    const values: Outcome[] = [];
    const standard: Outcome[] = [];
    const given: boolean[] = [];
    for (const path of this.#fields.keys()) {
      const own = lookUp(declared, path);
      const usual = lookUp(defaults, path);
      given.push(own !== undefined && !isFault(own));
      values.push(firstOf([own, usual], path));
      standard.push(firstOf([usual], `default of ${path}`));
    }
    const known = [...this.#facts.keys()].map((name) => firstOf([facts.get(name)], name));
    return { values, defaults: standard, given, facts: known, variables: [], steps: 0 };
  }

  /**
   * {@link frame} of a configuration over the same defaults and facts as those of a frame of nothing declared, for
   * callers that make many: only what is declared is projected anew.
   */
  frameOver(usual: Frame, declared: Values): Frame {
    const values = [...usual.values];
    const given = [...usual.given];
    for (const root of new Set([...declared.keys()].map(rootOf))) {
      for (const path of this.#byRoot.get(root) ?? []) {
        const own = lookUp(declared, path);
        if (own === undefined) continue;
        const slot = this.#fields.get(path) ?? 0;
        values[slot] = own;
        given[slot] = !isFault(own);
      }
    }
    return { ...usual, values, given, variables: [], steps: 0 };
  }
}

/** The first part of a dotted path. */
function rootOf(path: string): string {
  const dot = path.indexOf(".");
  return dot < 0 ? path : path.slice(0, dot);
}

/** The first that there is; None is a value. */
function firstOf(candidates: readonly (Outcome | undefined)[], what: string): Outcome {
  const found = candidates.find((candidate) => candidate !== undefined);
  return found === undefined ? unknown("missing", what) : found;
}

function slotOf(slots: Map<string, number>, name: string): number {
  const known = slots.get(name);
  if (known !== undefined) return known;
  slots.set(name, slots.size);
  return slots.size - 1;
}

/** The value at a path: under the whole path, or inside the value of its parent; undefined when nothing is there. */
function lookUp(values: Values, path: string): Outcome | undefined {
  const direct = values.get(path);
  if (direct !== undefined) return direct;
  const dot = path.lastIndexOf(".");
  if (dot < 0) return undefined;
  const parent = lookUp(values, path.slice(0, dot));
  return parent === undefined ? undefined : partOf(parent, path.slice(dot + 1));
}

/** A field of a nested section: attribute of an object, key of a dict; other values have no such attribute. */
function partOf(parent: Outcome, name: string): Outcome | undefined {
  if (isFault(parent)) return parent;
  if (isDict(parent)) return parent.index.get(textKey(name))?.[1];
  if (isObject(parent)) return parent.attributes.get(name);
  return raises("AttributeError");
}
