import { compileTruth, decodeValue, printPredicate, SlotTable } from "@lem/config/invariants";
import { beforeAll, describe, expect, it } from "vitest";
import type { Candidate, EntryModel } from "../../src/candidates/candidate.ts";
import { survey } from "../../src/take-ledger.ts";
import { NO_ENGINE } from "../../src/walk/ground-book.ts";
import { walkEntry } from "../../src/walk/walk-entry.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";

const SOURCE = `
from dataclasses import InitVar
from pydantic import field_validator, model_validator
from pydantic.dataclasses import dataclass
from fixture.far import checked

@dataclass
class Part:
    size: int = 1
    kind: str = "a"
    limit: InitVar[int] = 4

    @field_validator("kind", mode="before")
    @classmethod
    def lowered(cls, value):
        return value.lower() if isinstance(value, str) else value

    @field_validator("size")
    @classmethod
    def even(cls, value):
        if value == 3:
            raise ValueError("three")
        return value

    def __post_init__(self, limit):
        if self.size > limit:
            raise ValueError("size")

    @model_validator(mode="after")
    def whole(self):
        if self.kind == "b" and self.size == 1:
            raise ValueError("b")
        return self

class Whole:
    def __init__(self, size=1, kind="a", limit=4, width=1):
        self.part = Part(size=size, kind=kind, limit=limit)
        self.width = checked(width)
`;
const FAR = `
def checked(width):
    if width < 1:
        raise ValueError("width")
    return width
`;

async function walked(within?: readonly string[]): Promise<EntryModel> {
  const target = { ...fixtureTarget("fixture.Whole"), classes: [{ name: "fixture.Whole", calls: [], within }] };
  const tree = memoryTree({ "fixture/__init__.py": SOURCE, "fixture/far.py": FAR });
  const model = await walkEntry(await survey(tree, target), { name: "fixture.Whole", calls: [], within }, NO_ENGINE);
  if (model === undefined) throw new Error("no class");
  return model;
}

/** Functions in which an input is refused. */
function refusing({ candidates, parameters }: EntryModel, given: Readonly<Record<string, unknown>>): readonly string[] {
  const defaults = new Map(
    parameters.flatMap(({ name, default: usual }) => (usual?.op === "const" ? [[name, usual.value] as const] : [])),
  );
  const declared = new Map(Object.entries(given).map(([name, value]) => [name, decodeValue(value)]));
  const holds = ({ when }: Candidate): boolean => {
    const slots = new SlotTable();
    return compileTruth(when, { slots })(slots.frame({ declared, defaults, facts: new Map() })) === true;
  };
  return candidates.flatMap((each) =>
    each.outcome.kind === "error" && each.place.kind === "site" && holds(each) ? [each.place.qualname] : [],
  );
}

describe("objects of validating classes that an entry makes", () => {
  let model: EntryModel;
  beforeAll(async () => {
    model = await walked();
  });

  it("are checked by what runs on a field, on the whole, and after the construction", () => {
    expect(refusing(model, {})).toEqual([]);
    expect(refusing(model, { size: 3 })).toEqual(["Part.even"]);
    expect(refusing(model, { size: 5 })).toEqual(["Part.__post_init__"]);
    expect(refusing(model, { size: 5, limit: 6 })).toEqual([]);
    expect(refusing(model, { kind: "B" })).toEqual(["Part.whole"]);
  });

  it("are noted with what their types are held against", () => {
    const [part] = model.parts ?? [];
    expect(part?.className).toBe("fixture.Part");
    expect(printPredicate(part?.fields["size"] ?? { op: "unknown", what: "" })).toEqual({ f: "size" });
    expect(printPredicate(part?.fields["kind"] ?? { op: "unknown", what: "" })).toEqual({
      ite: [{ type: [{ f: "kind" }, "str"] }, { lower: { f: "kind" } }, { f: "kind" }],
    });
  });

  it("are walked no further than the files that the target names", async () => {
    expect(refusing(model, { width: 0 })).toEqual(["checked"]);
    expect(refusing(await walked(["fixture/__init__.py"]), { width: 0 })).toEqual([]);
  });
});
