import type { ExperimentResult, QualityFinding } from "@lem/domain";
import type { ModelArtifact } from "@lem/engines";
import type { Measurement } from "../measurement.ts";

/** What a result is checked against. */
export interface QualityEvidence {
  readonly result: Omit<ExperimentResult, "quality">;
  /** Null when the experiment failed before it measured. */
  readonly measurement: Measurement | null;
  readonly model: ModelArtifact | null;
}

/** One check of a result; it says what it found in one sentence with the figures. */
export interface QualityRule {
  /** `quality.short-window`; docs/quality.md lists every code. */
  readonly code: `quality.${string}`;
  /** What a finding means, without the figures. */
  readonly meaning: string;
  /** `info`: good to know. `warn`: the figures are doubtful. `invalid`: they are wrong. */
  readonly severity: QualityFinding["severity"];
  readonly hint?: string;
  find(evidence: QualityEvidence): string | undefined;
}
