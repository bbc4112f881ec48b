import { decodeValue } from "@lem/config/invariants";
import type { Probe, ProbeAnswer, ProbeRequest } from "../probe/protocol.ts";
import { conformsTo } from "./sample/conforms.ts";
import type { Judged } from "./judged.ts";
import type { Predict } from "./predict.ts";
import { drawSamples, STRATA, type DrawnStratum, type Sample } from "./sample/strata.ts";
import { upstreamSamples, type WrittenCall } from "./sample/upstream.ts";
import type { ScoredClass } from "./sample/subjects.ts";
import { truthOf, type NoTruth, type Truth } from "./truth.ts";

/** One configuration and what the engine made of it. */
export interface Observed {
  readonly sample: Sample;
  readonly truth: Truth;
  readonly scored: ScoredClass;
}

/** What was tried, and how often nothing could be learnt. */
export interface Observations {
  readonly observed: readonly Observed[];
  readonly excluded: Readonly<Record<NoTruth["kind"], number>>;
}

/** How many configurations are drawn, and from which seed. */
export interface SampleSize {
  /** Of each class and stratum; a family shares it. */
  readonly count: number;
  readonly seed: number;
}

/** Tries random configurations of every class on the real engine, and those that are written somewhere. */
export async function observe(
  classes: readonly ScoredClass[],
  probe: Pick<Probe, "run">,
  { calls: written = [], ...size }: SampleSize & { readonly calls?: readonly WrittenCall[] },
): Promise<Observations> {
  const members = new Map<string, number>();
  for (const { group } of classes) members.set(group, (members.get(group) ?? 0) + 1);
  const observed: Observed[] = [];
  const excluded = { flaky: 0, lost: 0, unconstructible: 0 };
  for (const scored of classes) {
    const share = Math.ceil(size.count / Math.sqrt(members.get(scored.group) ?? 1));
    const count = Math.min(share, scored.most ?? share);
    const drawn = (Object.keys(STRATA) as DrawnStratum[]).flatMap((stratum) =>
      drawSamples(scored.subject, stratum, { count, seed: size.seed }),
    );
    const samples = [...drawn, ...upstreamSamples(scored.subject, written, size.seed)];
    const answers = await probe.run(samples.map((sample, id) => requestOf(sample, id, scored)));
    for (const [at, sample] of samples.entries()) {
      const truth = truthOf(answers[at] as ProbeAnswer, { keywords: sample.keywords, calls: scored.calls });
      if (truth.kind === "known") observed.push({ sample, truth, scored });
      else excluded[truth.kind] += 1;
    }
  }
  return { observed, excluded };
}

/** The observations of two runs together. */
export const bothOf = (a: Observations, b: Observations): Observations => ({
  observed: [...a.observed, ...b.observed],
  excluded: {
    flaky: a.excluded.flaky + b.excluded.flaky,
    lost: a.excluded.lost + b.excluded.lost,
    unconstructible: a.excluded.unconstructible + b.excluded.unconstructible,
  },
});

const requestOf = ({ entry, keywords }: Sample, id: number, { calls, fixture }: ScoredClass): ProbeRequest => ({
  id,
  entry,
  keywords,
  calls: calls.map(({ method, keywords: given }) => ({ method, keywords: given })),
  ...(fixture === undefined ? {} : { fixture }),
});

/** Puts beside the truth what rules and annotations say. */
export function judge(observed: readonly Observed[], predict: Predict): Judged[] {
  return observed.map(({ sample, truth, scored }) => ({
    sample,
    truth,
    prediction: predict(sample.entry, sample.keywords),
    conforms: conformsTo(
      scored.subject,
      new Map(Object.entries(sample.keywords).map(([name, value]) => [name, decodeValue(value)])),
    ),
  }));
}
