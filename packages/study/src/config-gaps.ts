import { workerSections } from "@lem/config";
import { isLemError, type ConfigGap } from "@lem/domain";
import type { RefusalOfKeys, SaidOfKeys } from "@lem/engines";
import { findGaps, type Measurement, type Observed } from "@lem/harness";
import type { PreparedExperiment } from "./prepare.ts";

/** How an experiment went, as far as its configuration may be to blame. */
export interface RunOfKeys {
  readonly said: readonly SaidOfKeys[];
  /** What ended the experiment before its time, if anything. */
  readonly stopped: unknown;
  readonly measurement: Measurement | null;
}

/** The gaps of the rules that a run showed. */
export function configGaps(
  { experiment, foresee }: PreparedExperiment,
  { said, stopped, measurement }: RunOfKeys,
): readonly ConfigGap[] {
  const observed: Observed = {
    sections: workerSections(experiment),
    said,
    refusal: refusalOf(stopped),
    effective: measurement?.load.effective,
  };
  return findGaps(observed, foresee);
}

function refusalOf(stopped: unknown): Observed["refusal"] {
  if (!isLemError(stopped) || stopped.context["refusal"] === undefined) return undefined;
  const { refusal, engine_error } = stopped.context as {
    readonly refusal: RefusalOfKeys;
    readonly engine_error: { readonly type: string };
  };
  return { ...refusal, exception: engine_error.type };
}
