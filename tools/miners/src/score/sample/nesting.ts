import { keyOf, type ClassOrder } from "../../modules/class-order.ts";
import type { ClassInfo, Definition } from "../../modules/definitions.ts";
import type { ModuleIndex } from "../../modules/module-index.ts";
import type { DescribeAnswer, EntryDescription } from "../../probe/description.ts";
import { documentationOf } from "./doc-words.ts";
import { classNamesOf, subjectOf, type NestedClass, type Written } from "./subject.ts";

/** What the sampler may ask of a running engine. */
export interface Describer {
  describe(classes: readonly string[]): Promise<readonly DescribeAnswer[]>;
}

/** Of a class of which only its live form is known. */
export const NOTHING_WRITTEN: Written = { documented: new Map(), nested: () => [] };

/** More classes than one parameter takes. */
const MOST_CLASSES = 8;

/** Finds the classes of the engine that parameters take, by the names in their types. */
export class Nesting {
  readonly #index: ModuleIndex;
  readonly #order: ClassOrder;
  readonly #engine: Describer;
  readonly #known = new Map<string, NestedClass | undefined>();

  constructor(index: ModuleIndex, order: ClassOrder, engine: Describer) {
    this.#index = index;
    this.#order = order;
    this.#engine = engine;
  }

  /** What is written of a class, the classes that its parameters take among it. */
  async writtenOf(cls: ClassInfo, description: EntryDescription): Promise<Written> {
    const names = [...new Set(classNamesOf(description))];
    const found = new Map<string, readonly NestedClass[]>();
    for (const name of names) found.set(name, await this.#classesOf(name, cls));
    return { documented: documentationOf(cls, this.#order), nested: (name) => found.get(name) ?? [] };
  }

  async #classesOf(name: string, user: ClassInfo): Promise<readonly NestedClass[]> {
    const named = this.#resolved(name, user);
    if (named?.kind !== "class" || keyOf(named) === keyOf(user)) return [];
    const home = this.#index.module(named.module);
    const beside = [...(home?.bindings.values() ?? [])].filter((binding) => binding.kind === "class");
    const derived = beside.filter((cls) => this.#order.of(cls).some((each) => keyOf(each) === keyOf(named)));
    const described: NestedClass[] = [];
    for (const cls of derived.slice(0, MOST_CLASSES)) {
      const nested = await this.#described(cls);
      if (nested !== undefined && nested.fields.length > 0) described.push(nested);
    }
    return described;
  }

  /** A dotted name, or one that the class's module knows. */
  #resolved(name: string, { module }: ClassInfo): Definition | undefined {
    const home = this.#index.module(module);
    const [first = "", ...rest] = name.split(".");
    if (rest.length > 0 && first === module.split(".")[0]) return this.#index.find(name);
    return home === undefined || rest.length > 0 ? undefined : this.#index.member(home, first);
  }

  async #described(cls: ClassInfo): Promise<NestedClass | undefined> {
    const key = keyOf(cls);
    if (!this.#known.has(key)) this.#known.set(key, await this.#ask(cls));
    return this.#known.get(key);
  }

  async #ask(cls: ClassInfo): Promise<NestedClass | undefined> {
    const [answer] = await this.#engine.describe([`${cls.module}.${cls.qualname}`]);
    if (answer?.kind !== "described") return undefined;
    const isNeeding = answer.parameters.some(({ required }) => required);
    const documented = documentationOf(cls, this.#order);
    return {
      className: answer.class,
      mro: answer.mro,
      isMade: isNeeding || answer.attributes !== null,
      fields: subjectOf(answer, { documented, nested: () => [] }).fields,
    };
  }
}
