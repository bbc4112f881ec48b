import type { EngineId, JsonObject } from "@lem/domain";
import type { ParameterSchema } from "../corpora.ts";
import {
  changedFields,
  checkSection as judgeSection,
  declaredSection,
  neutralFields,
  type DeclaredSection,
} from "../corpus/section.ts";
import { withoutUnknownKeys } from "../corpus/passed-on.ts";
import type { RuleSet } from "../corpus/rule-set.ts";
import type { FiredRule } from "../corpus/verdict.ts";
import type { SectionToCheck } from "../parameters/validate.ts";
import type { EngineReading } from "../effective-identity.ts";
import type { Finding } from "../problem.ts";
import { isExtra, type EngineSections } from "../sections.ts";
import { withEntries, type Located, type MapNode, type Path } from "../yaml/located.ts";
import { keysOf, WHOLE, withoutKeys, type Depth } from "./pending.ts";
import { firstRefusal, type Refusal } from "./refusal.ts";

/** What native sections of one engine are checked against. */
export interface NativeKnowledge {
  readonly engine: EngineId;
  readonly schema: ParameterSchema | undefined;
  readonly rules: RuleSet | undefined;
  /** False for rules of another major version: they refuse nothing. */
  readonly rulesRefuse: boolean;
  readonly profile: string | undefined;
  readonly validate: (section: SectionToCheck) => readonly Finding[];
}

/** Keywords of a schema whose keys can be checked one by one. */
const SEPARABLE = new Set([
  "$schema",
  "$comment",
  "title",
  "description",
  "type",
  "properties",
  "additionalProperties",
]);

/** Checks native sections part by part, as a walk through a sweep decides their keys. */
export class NativeCheck {
  readonly #known: NativeKnowledge;
  readonly #validated = new WeakMap<Located, Map<string, Refusal | undefined>>();
  readonly #decidable = new Map<string, readonly number[]>();
  readonly #readings = new WeakMap<MapNode, EngineReading>();

  constructor(known: NativeKnowledge) {
    this.#known = known;
  }

  /**
   * The first thing wrong with the keys of a section that a level decided. `before` is the section as it was there:
   * where it was absent, all of its keys are new.
   */
  refusal(
    name: string,
    sections: EngineSections,
    at: Depth & { readonly depth: number; readonly isNew: boolean },
  ): Refusal | undefined {
    const part = `${this.#known.engine}.${name}`;
    const pending = keysOf(at.pending, part);
    const merged = sections.merged.get(name);
    if (merged === undefined || pending.has(WHOLE)) return undefined;
    const newly = at.newly === undefined || at.isNew ? undefined : keysOf(at.newly, part);
    const fresh = newly === undefined || newly.has(WHOLE) ? undefined : newly;
    const written = sections.written.get(name);
    const refused = written === undefined ? undefined : this.#schemaRefusal(name, written, { pending, newly: fresh });
    return refused ?? this.#ruleRefusal(name, sections, { pending, newly: fresh, depth: at.depth });
  }

  /** What the engine makes of a section that nothing refuses. */
  reading(name: string, node: MapNode): EngineReading {
    const known = this.#readings.get(node) ?? this.#readingOf(name, node);
    this.#readings.set(node, known);
    return known;
  }

  #readingOf(name: string, node: MapNode): EngineReading {
    const { rules } = this.#known;
    const read = rules === undefined ? undefined : declaredSection({ rules, name, node, profile: this.#known.profile });
    if (rules === undefined || read === undefined) return { changed: [], neutral: [] };
    const { entry, declared } = read;
    const profile = rules.profileOn(this.#known.profile);
    const effective = this.#known.rulesRefuse
      ? entry.changes(declared, profile)
      : entry.judge(declared, profile).effective;
    const changed = effective.size === 0 ? [] : changedFields(name, read, { effective, profile });
    return { changed, neutral: neutralFields(name, read, profile) };
  }

  #schemaRefusal(name: string, written: MapNode, { pending, newly }: Open): Refusal | undefined {
    const schema = this.#known.schema?.sections[name];
    if (schema === undefined) return undefined;
    if (!isSeparable(schema)) return pending.size > 0 ? undefined : this.#validate(name, "", written, written);
    for (const [key, entry] of written.entries) {
      if (pending.has(key) || newly?.has(key) === false) continue;
      const refused = this.#validate(name, key, withEntries(written, [[key, entry]]), entry.value);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  /** Validates a section, or one key of it, once for each value that is met again and again. */
  #validate(name: string, key: string, section: MapNode, value: Located): Refusal | undefined {
    const known = this.#validated.get(value) ?? new Map<string, Refusal | undefined>();
    this.#validated.set(value, known);
    const what = `${name}.${key}`;
    if (known.has(what)) return known.get(what);
    const { engine, schema, validate } = this.#known;
    const described = schema?.sections[name];
    const refused =
      described === undefined
        ? undefined
        : firstRefusal(validate({ path: [engine, name], section, schema: described }));
    known.set(what, refused);
    return refused;
  }

  #ruleRefusal(name: string, sections: EngineSections, open: Open & { readonly depth: number }): Refusal | undefined {
    const { rules, rulesRefuse } = this.#known;
    const node = sections.merged.get(name);
    const picks = this.#pickingKey(name);
    if (rules === undefined || !rulesRefuse || node === undefined || (picks !== undefined && open.pending.has(picks)))
      return undefined;
    const isPicked = picks !== undefined && open.newly?.has(picks) === true;
    const profile = rules.profileOn(this.#known.profile);
    const read = declaredSection({ rules, name, node: this.#judged(name, node, sections), profile });
    const fired = read && this.#fired(name, read, { ...(isPicked ? { ...open, newly: undefined } : open), profile });
    return (
      fired && { rule: fired.id, finding: () => this.#explained(fired, name, { sections, pending: open.pending }) }
    );
  }

  /** What the rules are asked of: not the keys that the class does not know, where `extra` or the worker takes them. */
  #judged(name: string, node: MapNode, sections: EngineSections): MapNode {
    const { rules, profile, schema } = this.#known;
    if (rules === undefined) return node;
    return withoutUnknownKeys({ rules, name, node, profile, isExtra: (key) => isExtra(sections, name, key), schema })
      .node;
  }

  /** The key of a section that picks its class, where one does. */
  #pickingKey(name: string): string | undefined {
    const held = this.#known.rules?.corpus.sections[name];
    return typeof held === "object" ? held.key : undefined;
  }

  #fired(
    name: string,
    read: DeclaredSection,
    open: Open & { readonly depth: number; readonly profile: string },
  ): FiredRule | undefined {
    const { entry, declared } = read;
    return keyRefusal(read, open) ?? entry.refusal(declared, open.profile, this.#rulesAt(name, read, open));
  }

  #rulesAt(
    name: string,
    { entry }: DeclaredSection,
    { depth, pending, newly }: Open & { readonly depth: number },
  ): readonly number[] {
    const key = `${name} ${entry.model.entry} ${depth} ${newly === undefined ? "all" : "new"}`;
    const known = this.#decidable.get(key) ?? entry.decidable(pending, newly);
    this.#decidable.set(key, known);
    return known;
  }

  /** The refusal in words, from the section as far as it is decided. */
  #explained(
    { id, fields }: FiredRule,
    name: string,
    { sections, pending }: { readonly sections: EngineSections; readonly pending: ReadonlySet<string> },
  ): Finding {
    const { rules, engine, profile } = this.#known;
    const node = sections.merged.get(name);
    const pathOf = (key: string): Path => [engine, ...(isExtra(sections, name, key) ? ["extra"] : []), name, key];
    const decided = node && withoutKeys(this.#judged(name, node, sections), pending);
    const found =
      rules === undefined || decided === undefined
        ? []
        : judgeSection({ rules, engine, name, node: decided, pathOf, profile }).findings;
    return (
      found.find(({ rule }) => rule === id) ?? {
        code: "config.invariant",
        path: pathOf(fields[0] ?? ""),
        at: "value",
        message: `${engine} refuses this`,
        rule: id,
      }
    );
  }
}

interface Open {
  readonly pending: ReadonlySet<string>;
  /** Undefined where all that is not pending is new. */
  readonly newly: ReadonlySet<string> | undefined;
}

/** True for a schema that says the same of each key alone as of all together. */
export const isSeparable = (schema: JsonObject): boolean =>
  schema["type"] === "object" && Object.keys(schema).every((keyword) => SEPARABLE.has(keyword));

/** Unknown and missing keywords, among those that are decided. */
function keyRefusal({ entry, declared }: DeclaredSection, { pending, newly }: Open): FiredRule | undefined {
  return entry
    .refusedKeys(declared)
    .find(({ fields: [field = ""] }) => !pending.has(field) && newly?.has(field) !== false);
}
