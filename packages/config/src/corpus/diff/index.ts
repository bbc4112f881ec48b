export { diffRules, type PlacedRule, type RulePair, type RulesDiff } from "./rules.ts";
export { diffParameters, type ChangedParameter, type NamedParameter, type ParametersDiff } from "./parameters.ts";
