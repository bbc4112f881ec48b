import type { Finding } from "../problem.ts";

/** Why points are refused: found before it is put into words, as very many are. */
export interface Refusal {
  /** Id of the rule, or the code of a finding that has none. */
  readonly rule: string;
  readonly finding: () => Finding;
}

/** The refusal that a finding makes. */
export const refusalOf = (finding: Finding): Refusal => ({
  rule: finding.rule ?? finding.code,
  finding: () => finding,
});

/** The first of some findings that refuses. */
export const firstRefusal = (findings: readonly Finding[]): Refusal | undefined => {
  const found = findings.find(({ severity = "error" }) => severity === "error");
  return found === undefined ? undefined : refusalOf(found);
};
