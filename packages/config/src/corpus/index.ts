export type * from "./corpus.ts";
export type { EntryConfig, EntryVerdict, FiredRule, VerdictKind } from "./verdict.ts";
export { loadCorpus, type CorpusLookup, type CorpusOptions } from "../corpora.ts";
export { readRuleSet, type RuleSet } from "./rule-set.ts";
export { describeRule, type RuleDescription } from "./describe-rule.ts";
export { sealCorpus } from "./parse-corpus.ts";
export { CheckLines, type CheckLinesOptions } from "./check-lines.ts";
export * from "./diff/index.ts";
