import { encodeValue, printPredicate, type Expr } from "@lem/config/invariants";
import { readRuleSet, type CorpusRule, type RuleSet } from "@lem/config/corpus";
import type { Candidate, EntryModel } from "../../src/candidates/candidate.ts";
import type { EntryModels } from "../../src/entry-models.ts";
import type { EntryClass, Target } from "../../src/targets/target.ts";

/** Candidates as rules, none of them proven: what the walk and the lifts alone come to. */
export function proposedRules(target: Target, classes: readonly EntryClass[], { models, facts }: EntryModels): RuleSet {
  const calls = new Map(classes.map(({ name, calls: own }) => [name, own]));
  const corpus = {
    schema_version: 1,
    engine: target.engine,
    engine_version: "mutated",
    source_sha256: "",
    validated_sha256: "",
    profiles: { cpu: { facts: Object.fromEntries(Object.entries(facts).map(([name, v]) => [name, encodeValue(v)])) } },
    domains: {},
    sections: {},
    entries: Object.fromEntries(models.map((model) => [model.entry, entryOf(model, calls.get(model.entry) ?? [])])),
  };
  return readRuleSet(JSON.stringify(corpus), { engine: target.engine, version: "mutated", file: "proposed" });
}

function entryOf(model: EntryModel, calls: EntryClass["calls"]): unknown {
  const given = model.parameters.filter(({ default: usual }) => usual !== undefined);
  return {
    defaults: Object.fromEntries(given.map(({ name, default: usual }) => [name, valueOf(usual)])),
    required: model.parameters.filter(({ default: usual }) => usual === undefined).map(({ name }) => name),
    unknown_keys: model.unknownKeys,
    rules: model.candidates.filter(({ outcome }) => outcome.kind !== "normalise").map((each) => ruleOf(each, calls)),
    effective: Object.fromEntries(Object.entries(model.effective).map(([name, expr]) => [name, printPredicate(expr)])),
  };
}

const valueOf = (expr: Expr | undefined): unknown => (expr?.op === "const" ? encodeValue(expr.value) : null);

function ruleOf({ stage, outcome, when, origin, place }: Candidate, calls: EntryClass["calls"]): CorpusRule {
  const severity = outcome.kind === "warn" ? "warn" : (calls[stage - 1]?.severity ?? "error");
  const id = place.kind === "site" ? `${place.path}:${place.line}:${stage}` : `${place.field}:${place.errorType}`;
  const source = { path: "", qualname: "", line: 0, sha: "" };
  return {
    id,
    severity,
    fields: [],
    when: printPredicate(when),
    exception: null,
    added_by: origin,
    source,
    evidence: null,
  };
}
