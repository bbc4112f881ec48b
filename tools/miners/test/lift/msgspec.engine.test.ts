import { describe, expect, it } from "vitest";
import { liftEntry } from "../../src/lift/lift-entry.ts";
import type { EntryDescription } from "../../src/probe/description.ts";
import { installedEngine } from "../installed-engine.ts";
import { construct, openToy, stagesOf, toyTransport } from "../probe/toy.ts";

const ENTRY = "toy.struct.Record";
const installed = installedEngine("vllm");

describe.skipIf(installed === undefined)("structs of msgspec", () => {
  it("tell parameters, defaults and bounds, which no constructor enforces [needs vllm]", async () => {
    const probe = await openToy({ transport: toyTransport(installed?.python) });
    const [description] = await probe.describe([ENTRY]);
    expect(description).toMatchObject({
      family: "msgspec",
      unknownKeys: "reject",
      parameters: [
        { name: "must", required: true, shape: { type: "int" } },
        { name: "bound", default: 1, shape: { type: "constrained", of: { type: "int" }, ge: 0, lt: 10 } },
        { name: "names", default: [], shape: { type: "list", items: { type: "str" } } },
        { name: "mode", default: null, shape: { type: "union" } },
      ],
    });
    const lift = liftEntry(description as EntryDescription);
    expect([lift.candidates, lift.values, lift.unknownKeys]).toEqual([[], {}, "reject"]);
    expect(lift.parameters.filter((each) => each.default === undefined).map(({ name }) => name)).toEqual(["must"]);
    const wild = [{ must: "x" }, { must: 1, bound: 99 }, { must: null, names: 5, mode: "z" }];
    const answers = await probe.run(
      [...wild, { must: 1, other: 2 }, {}].map((keywords, id) => construct(ENTRY, keywords, id)),
    );
    const outcomes = answers.map((answer) => stagesOf(answer)[0]?.exception?.type ?? "returned");
    expect(outcomes).toEqual(["returned", "returned", "returned", "TypeError", "TypeError"]);
  });
});
