import { printPredicate, toPython } from "../invariants/index.ts";
import type { JsonValue } from "@lem/domain";
import type { ReadRule } from "./entry-rules.ts";
import { plainSpeaker } from "./explain/operands.ts";
import { sentence } from "./explain/phrases.ts";
import type { RuleSet } from "./rule-set.ts";

/** A rule for a reader. */
export interface RuleDescription {
  readonly entry: string;
  readonly rule: Omit<ReadRule, "when" | "roots">;
  /** The condition in words of ours, as the predicate language writes it, and as Python, which is what it means. */
  readonly words: string;
  readonly when: JsonValue;
  readonly python: string;
}

/** Describes the rule of an id; undefined where there is none. */
export function describeRule(rules: RuleSet, id: string): RuleDescription | undefined {
  for (const entry of rules.entries) {
    const held = rules.corpus.entries[entry]?.rules.find((rule) => rule.id === id);
    if (held === undefined) continue;
    const compiled = rules.entry(entry, held.profiles?.[0]);
    const found = compiled?.model.rules.find((rule) => rule.id === id);
    if (compiled === undefined || found === undefined) continue;
    const { when, roots: _, ...rule } = found;
    const speaker = plainSpeaker((name) => compiled.domains.get(name));
    const words = sentence({ expr: when, bound: [] }, true, speaker);
    return { entry, rule, words, when: printPredicate(when), python: toPython(when) };
  }
  return undefined;
}
