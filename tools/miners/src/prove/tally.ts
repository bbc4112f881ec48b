import { agreementsOf, CONTRADICTIONS, type Agreement, type JudgedClaim } from "./judge.ts";
import type { Observation } from "./observe.ts";

/** How often a claim and the observations went together in which way, and the first that contradict it. */
export interface Tally {
  readonly counts: Readonly<Record<Agreement, number>>;
  readonly contradictions: readonly { readonly agreement: Agreement; readonly observation: Observation }[];
}

/** Nothing was observed. */
export const NONE: Readonly<Record<Agreement, number>> = {
  fires: 0,
  silent: 0,
  hidden: 0,
  open: 0,
  raises: 0,
  broad: 0,
  loud: 0,
  narrow: 0,
};

const MOST_EXAMPLES = 8;

/** Holds all claims against all observations. */
export function tallyAll(
  claims: readonly JudgedClaim[],
  observations: readonly Observation[],
): ReadonlyMap<JudgedClaim, Tally> {
  const tallies = new Map(claims.map((claim) => [claim, { counts: { ...NONE }, contradictions: [] as Example[] }]));
  const groups = Object.values(Object.groupBy(claims, ({ claim }) => claim.group));
  for (const group of groups)
    for (const observation of observations)
      for (const [place, agreement] of agreementsOf(group ?? [], observation).entries()) {
        const tally = tallies.get((group ?? [])[place] as JudgedClaim);
        if (tally === undefined) continue;
        tally.counts[agreement] += 1;
        if (CONTRADICTIONS.includes(agreement)) keepExample(tally.contradictions, { agreement, observation });
      }
  return tallies;
}

type Example = Tally["contradictions"][number];

/** Few fields make a good example. */
function keepExample(examples: Example[], example: Example): void {
  if (examples.length < MOST_EXAMPLES) {
    examples.push(example);
    return;
  }
  const size = ({ observation }: Example): number => observation.given.size;
  const worst = examples.reduce((most, each) => (size(each) > size(most) ? each : most));
  const rare = !examples.some(({ agreement }) => agreement === example.agreement);
  if (rare || size(example) < size(worst)) examples[examples.indexOf(worst)] = example;
}
