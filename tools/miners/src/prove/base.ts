import type { PyValue, Values } from "@lem/config/invariants";
import { isChanged } from "./judge.ts";
import type { Observation, Observer } from "./observe.ts";
import { pick, type Random } from "./models.ts";
import type { Pools } from "./pools.ts";

const ROUNDS = 4;
const TRIES = 250;

/** A smallest input that the class accepts, best one that it leaves as it is; undefined where none was found. */
export async function acceptedBase(
  observer: Observer,
  { fixture, required, pools, random }: { fixture: Values; required: readonly string[]; pools: Pools; random: Random },
): Promise<Values | undefined> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const inputs = Array.from({ length: round === 0 ? 1 : TRIES }, () => {
      const missing = required.filter((name) => !fixture.has(name));
      const others = round < 2 ? [] : someOf([...pools.keys()], round, random);
      const drawn = [...missing, ...others].map((name) => [name, pick(drawable(pools, name), random) ?? null] as const);
      return new Map([...fixture, ...drawn]);
    });
    const seen = await observer.observe(inputs);
    const taken = seen.filter((each) => each?.stages[0]?.outcome === "returned");
    const found = taken.find((each) => each !== undefined && isKept(each)) ?? taken[0];
    if (found !== undefined) return found.given;
  }
  return undefined;
}

/** A class that changes what it is given shows less of what else it does. */
const isKept = (observation: Observation): boolean =>
  [...observation.given.keys()].every((field) => isChanged(observation, field) !== true);

const someOf = (names: readonly string[], count: number, random: Random): readonly string[] =>
  Array.from({ length: count - 1 }, () => pick(names, random) ?? "").filter((name) => name !== "");

const drawable = (pools: Pools, name: string): readonly PyValue[] => [
  ...(pools.get(name)?.sharp ?? []),
  ...(pools.get(name)?.wild ?? []),
];
