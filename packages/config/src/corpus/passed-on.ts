import type { ParameterSchema } from "../corpora.ts";
import { entryOf, withEntries, type Located, type MapNode } from "../yaml/located.ts";
import type { RuleSet } from "./rule-set.ts";

/** A native section as it reaches the engine. */
export interface PassedSection {
  readonly rules: RuleSet;
  readonly name: string;
  readonly node: MapNode;
  readonly profile: string | undefined;
  /** True for a key that `extra` passes on. */
  readonly isExtra: (key: string) => boolean;
  /** What lem's own worker takes: its class may be derived from the one that was mined, and take more. */
  readonly schema: ParameterSchema | undefined;
}

/**
 * A section without the keys that its class does not know: those of `extra` are `unknown`, passed on for the engine to
 * judge, be it another build than the one that was mined; those that the worker states are its own.
 */
export function withoutUnknownKeys(section: PassedSection): {
  readonly node: MapNode;
  readonly unknown: readonly string[];
} {
  const { rules, name, node, profile, isExtra, schema } = section;
  const chosen = rules.sectionEntry(name, (key) => plainText(entryOf(node, key)?.value));
  const entry = chosen === undefined ? undefined : rules.entry(chosen.entry, rules.profileOn(profile));
  if (entry === undefined || entry.model.unknownKeys === "accept") return { node, unknown: [] };
  const strange = [...node.entries.keys()].filter((key) => key !== chosen?.key && !entry.model.parameters.has(key));
  const left = strange.filter((key) => isExtra(key) || isStated(schema, name, key));
  if (left.length === 0) return { node, unknown: [] };
  return {
    node: withEntries(
      node,
      [...node.entries].filter(([key]) => !left.includes(key)),
    ),
    unknown: left.filter((key) => !isStated(schema, name, key)),
  };
}

function isStated(schema: ParameterSchema | undefined, section: string, key: string): boolean {
  const properties = schema?.sections[section]?.["properties"];
  return typeof properties === "object" && properties !== null && Object.hasOwn(properties, key);
}

const plainText = (node: Located | undefined): unknown => (node?.kind === "scalar" ? node.value : undefined);
