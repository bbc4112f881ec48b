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

type Example = Tally["contradictions"][number];

interface Counted {
  readonly counts: Record<Agreement, number>;
  readonly contradictions: Example[];
}

/** A group of claims with its counts, and the observations that they are of. */
interface Known {
  readonly group: readonly JudgedClaim[];
  readonly counted: readonly Counted[];
  seen: number;
  last: Observation | undefined;
}

/** Holds claims against observations, which only ever become more: what was counted is not counted again. */
export class Tallying {
  readonly #known = new WeakMap<JudgedClaim, Known>();

  /** All claims against all observations. */
  of(claims: readonly JudgedClaim[], observations: readonly Observation[]): ReadonlyMap<JudgedClaim, Tally> {
    const groups = Object.values(Object.groupBy(claims, ({ claim }) => claim.group));
    const tallies = new Map<JudgedClaim, Tally>();
    for (const group of groups) {
      const { counted } = this.#counted(group ?? [], observations);
      for (const [place, claim] of (group ?? []).entries()) tallies.set(claim, copyOf(counted[place] as Counted));
    }
    return new Map(claims.map((claim) => [claim, tallies.get(claim) as Tally]));
  }

  #counted(group: readonly JudgedClaim[], observations: readonly Observation[]): Known {
    const [first] = group as [JudgedClaim, ...JudgedClaim[]];
    const known = this.#known.get(first);
    const current = known !== undefined && isStill(known, group, observations) ? known : nothingOf(group);
    for (const observation of observations.slice(current.seen)) {
      for (const [place, agreement] of agreementsOf(group, observation).entries()) {
        const { counts, contradictions } = current.counted[place] as Counted;
        counts[agreement] += 1;
        if (CONTRADICTIONS.includes(agreement)) keepExample(contradictions, { agreement, observation });
      }
    }
    current.seen = observations.length;
    current.last = observations.at(-1);
    this.#known.set(first, current);
    return current;
  }
}

const nothingOf = (group: readonly JudgedClaim[]): Known => ({
  group,
  counted: group.map(() => ({ counts: { ...NONE }, contradictions: [] })),
  seen: 0,
  last: undefined,
});

const isStill = (known: Known, group: readonly JudgedClaim[], observations: readonly Observation[]): boolean =>
  known.group.length === group.length &&
  known.group.every((claim, place) => claim === group[place]) &&
  (known.seen === 0 || observations[known.seen - 1] === known.last);

const copyOf = ({ counts, contradictions }: Counted): Tally => ({
  counts: { ...counts },
  contradictions: [...contradictions],
});

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
