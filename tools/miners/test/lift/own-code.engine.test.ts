import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeValue, evaluate } from "@lem/config/invariants";
import { describe, expect, it } from "vitest";
import type { EntryModel } from "../../src/candidates/candidate.ts";
import { entryModels } from "../../src/entry-models.ts";
import type { Tagged } from "../../src/probe/protocol.ts";
import { survey } from "../../src/take-ledger.ts";
import { installedEngine } from "../installed-engine.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";
import { construct, ENGINE_FOLDER, openToy, stagesOf, toyTransport } from "../probe/toy.ts";

const installed = installedEngine("transformers");
const FILES = ["toy/__init__.py", "toy/prepared.py"];

const TEXTS = ["enable", "disable", "x", "y", "z", "a", "B", "C", "one", "low", "1", "257", "true", ""];
const OTHERS = [null, true, false, 0, 1, 3, -1, 257, [], ["one"], ["one", "two"], ["three"], ["one", 1], {}, { a: 1 }];
const VALUES: readonly Tagged[] = [
  ...TEXTS,
  ...OTHERS,
  ...["1.0", "8.5", "nan"].map((value): Tagged => ({ $py: "float", value })),
];
const NAMES = "_hidden bits choice kind length level names size steps switch table".split(" ");
const PAIRS: readonly Readonly<Record<string, Tagged>>[] = [
  {},
  { size: 1, length: 2 },
  { length: 2, bits: 1 },
  { hidden: 1 },
  { steps: { $py: "dict", value: [[1, 2]] } },
  { steps: { $py: "dict", value: [[1, 2]] }, size: 2 },
  { other: 1 },
  { names: ["one"], length: "x" },
  { level: "high" },
  { level: "middle" },
  { table: 1 },
];

async function modelOf(entry: string) {
  const probe = await openToy({ transport: toyTransport(installed?.python) });
  const texts = FILES.map((path) => [path, readFileSync(join(ENGINE_FOLDER, path), "utf8")] as const);
  const target = { ...fixtureTarget(entry), root: "toy" };
  const { models } = await entryModels(await survey(memoryTree(Object.fromEntries(texts)), target), probe, entry);
  const [model] = models;
  if (model === undefined) throw new Error("no model");
  return { probe, model };
}

/** Whether a class's candidates refuse an input; undefined where one of them cannot tell. */
function refused({ candidates, parameters, unknownKeys }: EntryModel, given: Readonly<Record<string, Tagged>>) {
  const known = new Set(parameters.map(({ name }) => name));
  if (unknownKeys === "reject" && Object.keys(given).some((key) => !known.has(key))) return true;
  const defaults = new Map(
    parameters.flatMap(({ name, default: usual }) => (usual?.op === "const" ? [[name, usual.value] as const] : [])),
  );
  const declared = new Map(Object.entries(given).map(([name, value]) => [name, decodeValue(value)]));
  const results = candidates
    .filter(({ outcome }) => outcome.kind === "error")
    .map(({ when }) => evaluate(when, { declared, defaults }).result);
  if (results.includes("true")) return true;
  return results.every((result) => result === "false") ? false : undefined;
}

describe.skipIf(installed === undefined)("what a class's own code does before its types look at values", () => {
  it.each(["toy.prepared.Prepared", "toy.prepared.Written"])(
    "is part of what its types are known to refuse: %s [needs python3]",
    async (entry) => {
      const { probe, model } = await modelOf(entry);
      const names = model.parameters.map(({ name }) => name);
      expect(names.toSorted()).toEqual(NAMES);
      const inputs = [...names.flatMap((name) => VALUES.map((value) => ({ [name]: value }))), ...PAIRS];
      const answers = await probe.run(inputs.map((given, id) => construct(entry, given, id)));
      const foretold = inputs.map((given) => refused(model, given));
      const wrong = inputs.flatMap((given, at) => {
        const isRefused = stagesOf(answers[at])[0]?.outcome === "raised";
        return foretold[at] === undefined || foretold[at] === isRefused ? [] : [JSON.stringify(given)];
      });
      expect(wrong).toEqual([]);
      expect(foretold.slice(-PAIRS.length)).not.toContain(undefined);
      expect(foretold.filter((each) => each === undefined).length).toBeLessThan(inputs.length / 12);
    },
    60_000,
  );
});
