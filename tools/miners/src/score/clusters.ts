import { disagreement, type Judged } from "./judged.ts";

/** Configurations that are judged wrongly for what looks like one cause. */
export interface Cluster {
  readonly entry: string;
  readonly what: NonNullable<ReturnType<typeof disagreement>>;
  /** The places of the engine, or the rules, that tell it from others. */
  readonly where: string;
  readonly count: number;
  readonly abstained: number;
  /** The smallest of them. */
  readonly example: Judged;
}

/** The disagreements, the most frequent causes first. */
export function clustersOf(judged: readonly Judged[]): readonly Cluster[] {
  const groups = new Map<string, Judged[]>();
  for (const each of judged) {
    const what = disagreement(each);
    if (what === undefined) continue;
    const key = JSON.stringify([each.sample.entry, what, whereOf(each, what)]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const clusters = [...groups].map(([key, members]) => {
    const [entry, what, where] = JSON.parse(key) as [string, Cluster["what"], string];
    const [example] = members.toSorted((a, b) => size(a) - size(b)) as [Judged, ...Judged[]];
    const abstained = members.filter(({ prediction }) => prediction.abstained > 0).length;
    return { entry, what, where, count: members.length, abstained, example };
  });
  return clusters.toSorted((a, b) => b.count - a.count);
}

function whereOf({ truth, prediction }: Judged, what: Cluster["what"]): string {
  if (what === "false reject" || what === "false notice") return prediction.rules.slice(0, 3).join(" ") || "effective";
  if (what === "wrong value" || truth.sites.length === 0)
    return `values of ${[...new Set([...Object.keys(truth.changed), ...Object.keys(prediction.effective)])].toSorted().join(", ")}`;
  return truth.sites.join(" ");
}

const size = ({ sample }: Judged): number =>
  Object.keys(sample.keywords).length * 10_000 + JSON.stringify(sample.keywords).length;
