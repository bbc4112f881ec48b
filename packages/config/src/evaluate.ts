import type { RuleSet } from "./corpus/rule-set.ts";
import type { EntryConfig, EntryVerdict } from "./corpus/verdict.ts";

/**
 * What an engine makes of the keywords of one of its classes, by the rules that {@link loadCorpus} found. A class
 * without rules is `unsupported`; a rule that cannot be decided refuses nothing.
 * @throws LemError `config.wrong-type` for a value that no Python value stands behind
 */
export const evaluate = (rules: RuleSet, config: EntryConfig): EntryVerdict => rules.evaluate(config);
