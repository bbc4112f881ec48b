import type { Problem } from "@lem/config";
import type { ParametersDiff, PlacedRule } from "@lem/config/corpus";
import type { EngineId } from "@lem/domain";

/** A rule for a reader of a comparison. */
export interface DiffRule {
  readonly id: string;
  readonly entry: string;
  readonly severity: PlacedRule["rule"]["severity"];
  readonly fields: readonly string[];
  readonly words: string;
  readonly source: PlacedRule["rule"]["source"];
  /** The kinds of machines that it was proven on, where those are not all that were mined. */
  readonly profiles?: readonly string[];
}

/** A rule of the older version and what it became. */
export interface DiffPair {
  readonly before: DiffRule;
  readonly after: DiffRule;
}

/** What becomes of one file when the engine changes its version. */
export interface FileDiff {
  readonly file: string;
  /** Problems that only the newer version has with it, and only the older one had. */
  readonly refused: readonly Problem[];
  readonly no_longer_refused: readonly Problem[];
}

/** `lem engines diff --json`. */
export interface EngineDiff {
  readonly schema_version: 1;
  readonly engine: EngineId;
  readonly from: string;
  readonly to: string;
  /** By version, the one in whose environment its rules were proven, where it is another. */
  readonly probed_in: Readonly<Record<string, string>>;
  readonly rules: {
    readonly same: number;
    readonly added: readonly DiffRule[];
    readonly removed: readonly DiffRule[];
    readonly changed: readonly DiffPair[];
    readonly moved: readonly DiffPair[];
  };
  readonly parameters: ParametersDiff;
  readonly config?: FileDiff;
}
