import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCorpus } from "@lem/config/corpus";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Tagged } from "../../src/probe/protocol.ts";
import { mineOptions } from "../../src/javascript/mine-options.ts";
import { agreed, inTurns, openOptionsProbes } from "../../src/javascript/options-probe.ts";
import { TOY, toyPackage } from "./toy-target.ts";

const root = mkdtempSync(join(tmpdir(), "lem-toy-node-"));
const folder = join(root, "toy-node/1.2.3");
const request = {
  target: TOY,
  found: toyPackage(),
  env: process.env,
  folder,
  seed: 1,
  force: false,
  gaps: [],
  onEntry: () => {},
} as const;

beforeAll(async () => {
  await mineOptions(request);
}, 300_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

const REFUSED = [
  { paper: "A3" },
  { paper: "burning" },
  { paper: 1537 },
  { paper: true },
  { margins: null },
  { ink: 3 },
  { ink: false, copies: 2 },
  { margins: { right: "x" } },
  { copies: "x" },
  { pages: [{ from: 1 }, { from: "x" }] },
  { pages: [null] },
  { pages: 3 },
  { width: { min: 5, max: 3 } },
];
const TAKEN = [
  {},
  { paper: null },
  { paper: 1536 },
  { copies: 7 },
  { copies: "3" },
  { ink: null },
  { font: "any.ttf" },
  { pages: [] },
  { pages: [{ from: 1 }] },
  { width: { min: 3, max: 5 } },
  { margins: { left: null, right: "x" } },
];

/** Objects below the keys are dicts. */
function tagged(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((item) => tagged(item, depth + 1));
  if (value === null || typeof value !== "object") return value;
  const pairs = Object.entries(value).map(([name, item]) => [name, tagged(item, depth + 1)] as const);
  return depth === 0 ? Object.fromEntries(pairs) : { $py: "dict", value: pairs };
}

it("the rules refuse what the running package refuses, and nothing else", async () => {
  const [probe] = await openOptionsProbes(request);
  const found = await loadCorpus("toy-node", { root, version: "1.2.3" });
  const entry = found.status === "exact" ? found.rules.entry("toy-node.PrintOptions") : undefined;
  expect(entry).toBeDefined();
  try {
    for (const [expected, all] of [
      ["error", REFUSED],
      ["taken", TAKEN],
    ] as const)
      for (const set of all) {
        const keywords = tagged(set) as Readonly<Record<string, Tagged>>;
        const [answer] = await probe.run([{ id: 0, entry: "toy-node.PrintOptions", keywords, calls: [] }]);
        const outcome = answer?.kind === "done" ? answer.stages[0]?.outcome : answer?.kind;
        expect(outcome, JSON.stringify(set)).toBe(expected === "error" ? "raised" : "returned");
        const { verdict } =
          found.status === "exact"
            ? found.rules.evaluate({ entry: "toy-node.PrintOptions", set: keywords })
            : { verdict: "" };
        expect(verdict === "error", JSON.stringify(set)).toBe(expected === "error");
      }
  } finally {
    await probe.close();
  }
}, 60_000);

it("what one configuration leaves behind does not spoil the next", async () => {
  const [probe] = await openOptionsProbes(request);
  const outcomes: unknown[] = [];
  for (const keywords of [{ jam: true }, { paper: 1537 }]) {
    const [answer] = await probe.run([{ id: 0, entry: "toy-node.PrintOptions", keywords, calls: [] }]);
    outcomes.push(answer?.kind === "done" ? answer.stages[0]?.outcome : answer?.kind);
  }
  await probe.close();
  expect(outcomes).toEqual(["returned", "raised"]);
}, 60_000);

it("models take their turns, and every configuration has its own answer", async () => {
  const [one] = await openOptionsProbes(request);
  const [other] = await openOptionsProbes(request);
  const papers = Array.from({ length: 200 }, (_, id) => (id % 3 === 0 ? "A3" : "auto"));
  const requests = papers.map((paper, id) => ({ id, entry: "toy-node.PrintOptions", keywords: { paper }, calls: [] }));
  const answers = await inTurns([one, other]).run(requests);
  await one.close();
  await other.close();
  const outcomes = answers.map((each) => (each.kind === "done" ? each.stages[0]?.outcome : each.kind));
  expect(answers.map(({ id }) => id)).toEqual(requests.map(({ id }) => id));
  expect(outcomes).toEqual(papers.map((paper) => (paper === "A3" ? "raised" : "returned")));
}, 60_000);

it("what one model refuses and another takes is no answer", async () => {
  const [slow] = await openOptionsProbes(request);
  const start = [{ as: "press", call: "openPress", arguments: [100] }];
  const [fast] = await openOptionsProbes({ ...request, target: { ...TOY, start } });
  const papers = [1537, "A3", 3];
  const requests = papers.map((paper, id) => ({ id, entry: "toy-node.PrintOptions", keywords: { paper }, calls: [] }));
  const answers = await agreed(slow, [fast]).run(requests);
  await slow.close();
  await fast.close();
  const outcomes = answers.map((each) => (each.kind === "done" ? each.stages[0]?.outcome : each.kind));
  expect(outcomes).toEqual(["unconstructible", "raised", "returned"]);
}, 60_000);

it("a process that dies tells of what it died, and where the package was", async () => {
  const [probe] = await openOptionsProbes(request);
  const [answer] = await probe.run([
    { id: 0, entry: "toy-node.PrintOptions", keywords: { paper: "burning" }, calls: [] },
  ]);
  await probe.close();
  expect(answer).toMatchObject({ kind: "done", stages: [{ outcome: "raised", exception: { type: "SIGABRT" } }] });
}, 60_000);

it("unchanged inputs are not mined again", async () => {
  expect(await mineOptions(request)).toEqual({ kind: "unchanged" });
}, 60_000);

it("what was not told in the ledger is not there: no text of the package is kept", () => {
  const ledger = readFileSync(join(folder, "ledger.json"), "utf8");
  expect(ledger).not.toContain("no such paper");
});
