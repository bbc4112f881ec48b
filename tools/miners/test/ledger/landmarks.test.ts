import { describe, expect, it } from "vitest";
import { takeLedger } from "../../src/take-ledger.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";

const SOURCE = "class Base:\n    def check(self): pass\nclass Config(Base):\n    def __init__(self): pass\n";
const tree = memoryTree({ "fixture.py": SOURCE });

describe("landmarks", () => {
  it("may be inherited", async () => {
    const target = { ...fixtureTarget("fixture.Config"), landmarks: ["fixture.Config.check", "fixture.Base"] };
    await expect(takeLedger(tree, target)).resolves.toMatchObject({ entries: ["fixture.Config"] });
  });

  it("fail the run when one is missing, and name all that are", async () => {
    const target = {
      ...fixtureTarget("fixture.Config", ["validate"]),
      landmarks: ["fixture.Gone", "fixture.Config.check"],
    };
    await expect(takeLedger(tree, target)).rejects.toMatchObject({
      code: "mine.landmark-missing",
      context: { missing: ["fixture.Config.validate", "fixture.Gone"] },
    });
  });

  it("leave out classes that not every version has", async () => {
    const known = fixtureTarget("fixture.Config");
    const target = { ...known, classes: [...known.classes, { name: "fixture.Absent", calls: [], optional: true }] };
    await expect(takeLedger(tree, target)).resolves.toMatchObject({ entries: ["fixture.Config"] });
  });

  it("include the entry classes themselves", async () => {
    await expect(takeLedger(tree, fixtureTarget("fixture.Absent"))).rejects.toMatchObject({
      code: "mine.landmark-missing",
    });
  });
});
