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
}

/**
 * A section without the keys of `extra` that its class does not know: these are passed on for the engine to judge, be
 * it another build than the one that was mined.
 */
export function withoutUnknownExtra(section: PassedSection): {
  readonly node: MapNode;
  readonly unknown: readonly string[];
} {
  const { rules, name, node, profile, isExtra } = section;
  const chosen = rules.sectionEntry(name, (key) => plainText(entryOf(node, key)?.value));
  const entry = chosen === undefined ? undefined : rules.entry(chosen.entry, rules.profileOn(profile));
  if (entry === undefined || entry.model.unknownKeys === "accept") return { node, unknown: [] };
  const unknown = [...node.entries.keys()].filter(
    (key) => isExtra(key) && key !== chosen?.key && !entry.model.parameters.has(key),
  );
  if (unknown.length === 0) return { node, unknown };
  return {
    node: withEntries(
      node,
      [...node.entries].filter(([key]) => !unknown.includes(key)),
    ),
    unknown,
  };
}

const plainText = (node: Located | undefined): unknown => (node?.kind === "scalar" ? node.value : undefined);
