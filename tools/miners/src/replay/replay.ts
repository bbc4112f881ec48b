import type { CorpusRule, RuleSet } from "@lem/config/corpus";
import { encodeValue, type Values } from "@lem/config/invariants";
import type { Probe, ProbeAnswer, ProbeRequest } from "../probe/protocol.ts";
import { placeOf } from "../score/predict.ts";
import { truthOf, type Truth } from "../score/truth.ts";
import type { TargetCall } from "../targets/target.ts";
import { ExampleFinder } from "./rule-examples.ts";

/** What became of one rule when it was tried again. */
export type ReplayOutcome =
  /** The engine did what the rule says, and did it not for the good example. */
  | "confirmed"
  /** The engine refused the bad example at another place first. */
  | "elsewhere"
  /** The engine did nothing of the kind to the bad example, or did it to the good one. */
  | "contradicted"
  /** There is no example, or the engine gave no answer twice alike. */
  | "untried";

/** One rule, tried again. */
export interface ReplayedRule {
  readonly id: string;
  readonly outcome: ReplayOutcome;
  /** The input that contradicts it. */
  readonly input?: ProbeRequest["keywords"];
}

/** A class of a corpus with the calls that follow its construction. */
export interface ReplayedClass {
  readonly entry: string;
  readonly calls: readonly TargetCall[];
}

interface Case {
  readonly rule: CorpusRule;
  readonly keywords: ProbeRequest["keywords"];
  readonly isBad: boolean;
}

/**
 * Tries each rule of a class on the engine again, as the runtime reads it: with an input for which it holds, and with a
 * neighbour that no rule speaks against. Neither is one that the rule was proven with.
 */
export async function replayClass(
  rules: RuleSet,
  { entry, calls }: ReplayedClass,
  { probe, profile }: { readonly probe: Pick<Probe, "run">; readonly profile: string },
): Promise<readonly ReplayedRule[]> {
  const finder = new ExampleFinder(rules, entry, profile);
  const held = (rules.corpus.entries[entry]?.rules ?? []).filter(
    ({ profiles }) => profiles === undefined || profiles.includes(profile),
  );
  const isFine = (set: Case["keywords"]): boolean => rules.evaluate({ entry, set, profile }).verdict === "ok";
  const cases = held.flatMap((rule): readonly Case[] => {
    const { bad, good } = finder.find(rule);
    return [...caseOf(rule, bad, true), ...caseOf(rule, good, false).filter(({ keywords }) => isFine(keywords))];
  });
  const answers = await probe.run(
    cases.map(({ keywords }, id) => ({
      id,
      entry,
      keywords,
      calls: calls.map(({ method, keywords: given }) => ({ method, keywords: given })),
    })),
  );
  const seen = cases.map((each, at) => {
    const truth = truthOf(answers[at] as ProbeAnswer, { keywords: each.keywords, calls });
    return { ...each, truth: truth.kind === "known" ? truth : undefined };
  });
  return held.map((rule) =>
    outcomeOf(rule, (isBad) => seen.find((each) => each.rule === rule && each.isBad === isBad)),
  );
}

const caseOf = (rule: CorpusRule, given: Values | undefined, isBad: boolean): readonly Case[] =>
  given === undefined
    ? []
    : [{ rule, isBad, keywords: Object.fromEntries([...given].map(([name, value]) => [name, encodeValue(value)])) }];

type Tried = Case & { readonly truth: Truth | undefined };

function outcomeOf(rule: CorpusRule, tried: (isBad: boolean) => Tried | undefined): ReplayedRule {
  const { id, severity } = rule;
  const [bad, good] = [tried(true), tried(false)];
  if (bad?.truth === undefined) return { id, outcome: "untried" };
  if (!shows(rule, bad.truth)) {
    const isHidden = severity !== "error" && bad.truth.refused;
    return isHidden ? { id, outcome: "elsewhere" } : { id, outcome: "contradicted", input: bad.keywords };
  }
  if (good?.truth !== undefined && isAtPlace(rule, good.truth))
    return { id, outcome: "contradicted", input: good.keywords };
  return { id, outcome: severity !== "error" || isAtPlace(rule, bad.truth) ? "confirmed" : "elsewhere" };
}

/** Whether the engine did what the rule foretells. */
const shows = ({ severity }: CorpusRule, truth: Truth): boolean =>
  severity === "error" ? truth.refused : !truth.refused && truth.noticed;

/** Whether the engine refused where the rule was mined. */
const isAtPlace = (rule: CorpusRule, { refused, through }: Truth): boolean =>
  refused && through.includes(placeOf(rule));
