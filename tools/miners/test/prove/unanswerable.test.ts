import type { PyValue, Values } from "@lem/config/invariants";
import { expect, it } from "vitest";
import type { Probe, ProbeAnswer } from "../../src/probe/protocol.ts";
import { Observer } from "../../src/prove/observe.ts";

/** Hangs wherever the mode is `slow`, unless the size is refused before. */
function hanging(): { readonly probe: Probe; readonly asked: Readonly<Record<string, unknown>>[] } {
  const asked: Readonly<Record<string, unknown>>[] = [];
  const run: Probe["run"] = (requests) => {
    for (const { keywords } of requests) asked.push(keywords);
    return Promise.resolve(
      requests.map(({ id, keywords }): ProbeAnswer => {
        if (keywords["mode"] === "slow" && keywords["size"] !== -1) return { id, kind: "lost", reason: "timeout" };
        return { id, kind: "done", stages: [], flaky: false };
      }),
    );
  };
  return { probe: { run } as unknown as Probe, asked };
}

const given = (values: Readonly<Record<string, PyValue>>): Values => new Map(Object.entries(values));

it("a value with which the engine hangs again and again is not tried any more", async () => {
  const { probe, asked } = hanging();
  const observer = new Observer(probe, { entry: "engine.Settings", calls: [], report: [] });
  const sizes = [-1, 1, 2, 3, 4, 5];
  for (const size of sizes) await observer.observe([given({ mode: "slow", size })]);
  const [late] = await observer.observe([given({ mode: "slow", size: 6, depth: 7 })]);
  expect(late).toBeUndefined();
  expect(asked).toHaveLength(5);
  const others = await observer.observe(sizes.map((size) => given({ mode: "fast", size })));
  expect(others.every((each) => each !== undefined)).toBe(true);
  expect(observer.troubles.lost).toBe(4);
});
