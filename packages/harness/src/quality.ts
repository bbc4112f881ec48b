import type { ExperimentResult, QualityFinding } from "@lem/domain";
import { CONDITION_RULES } from "./quality/conditions.ts";
import { COURSE_RULES } from "./quality/course.ts";
import { ENERGY_RULES } from "./quality/energy.ts";
import { FIGURE_RULES } from "./quality/figures.ts";
import { MACHINE_RULES } from "./quality/machine.ts";
import type { QualityEvidence, QualityRule } from "./quality/rule.ts";
import { REPEAT_RULES } from "./quality/repeats.ts";
import { SUBJECT_RULES } from "./quality/subject.ts";

/** Every check of a result, the gravest first. */
export const QUALITY_RULES: readonly QualityRule[] = [
  ...FIGURE_RULES,
  ...CONDITION_RULES,
  ...ENERGY_RULES,
  ...MACHINE_RULES,
  ...COURSE_RULES,
  ...REPEAT_RULES,
  ...SUBJECT_RULES,
];

/** A result checks itself: `invalid` with any invalid finding, `suspect` with any warning, else `valid`. */
export const checkQuality = (evidence: QualityEvidence): ExperimentResult["quality"] =>
  qualityOf(findingsOf(QUALITY_RULES, evidence));

/**
 * Checks the figures of a stored result again, before it is shown: a file may have been edited, or written by a
 * version that knew fewer rules. What was found before stays.
 */
export function recheckQuality(result: ExperimentResult): ExperimentResult {
  const known = new Set(result.quality.findings.map(({ code }) => code));
  const found = findingsOf([...FIGURE_RULES, ...REPEAT_RULES], { result, measurement: null, model: null });
  const fresh = found.filter(({ code }) => !known.has(code));
  return { ...result, quality: qualityOf([...fresh, ...result.quality.findings]) };
}

const findingsOf = (rules: readonly QualityRule[], evidence: QualityEvidence): readonly QualityFinding[] =>
  rules.flatMap((rule): QualityFinding[] => {
    const message = rule.find(evidence);
    if (message === undefined) return [];
    const { code, severity, hint } = rule;
    return [{ code, severity, message, ...(hint === undefined ? {} : { hint }) }];
  });

const qualityOf = (findings: readonly QualityFinding[]): ExperimentResult["quality"] => ({
  verdict: verdictOf(findings),
  findings,
});

function verdictOf(findings: readonly QualityFinding[]): ExperimentResult["quality"]["verdict"] {
  if (findings.some(({ severity }) => severity === "invalid")) return "invalid";
  return findings.some(({ severity }) => severity === "warn") ? "suspect" : "valid";
}
