import type { ExperimentResult, QualityFinding } from "@lem/domain";
import { CONDITION_RULES } from "./quality/conditions.ts";
import { COURSE_RULES } from "./quality/course.ts";
import { FIGURE_RULES } from "./quality/figures.ts";
import type { QualityEvidence, QualityRule } from "./quality/rule.ts";
import { SUBJECT_RULES } from "./quality/subject.ts";

/** Every check of a result, the gravest first. */
export const QUALITY_RULES: readonly QualityRule[] = [
  ...FIGURE_RULES,
  ...CONDITION_RULES,
  ...COURSE_RULES,
  ...SUBJECT_RULES,
];

/** A result checks itself: `invalid` with any invalid finding, `suspect` with any warning, else `valid`. */
export function checkQuality(evidence: QualityEvidence): ExperimentResult["quality"] {
  const findings = QUALITY_RULES.flatMap((rule): QualityFinding[] => {
    const message = rule.find(evidence);
    if (message === undefined) return [];
    const { code, severity, hint } = rule;
    return [{ code, severity, message, ...(hint === undefined ? {} : { hint }) }];
  });
  return { verdict: verdictOf(findings), findings };
}

function verdictOf(findings: readonly QualityFinding[]): ExperimentResult["quality"]["verdict"] {
  if (findings.some(({ severity }) => severity === "invalid")) return "invalid";
  return findings.some(({ severity }) => severity === "warn") ? "suspect" : "valid";
}
