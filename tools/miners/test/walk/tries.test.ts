import { printPredicate } from "@lem/config/invariants";
import { describe, expect, it } from "vitest";
import { survey } from "../../src/take-ledger.ts";
import { NO_ENGINE } from "../../src/walk/ground-book.ts";
import { walkEntry } from "../../src/walk/walk-entry.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";

const SOURCE = `
class Config:
    def __init__(self, kind="a", size=1):
        table = {"a": 1, "b": 2}
        try:
            self.kind = table[kind]
        except KeyError:
            raise ValueError(kind)
        if size < 1:
            raise ValueError(size)


class Mild:
    def __init__(self, kind="a", size=1):
        table = {"a": 1, "b": 2}
        try:
            self.kind = table[kind]
        except KeyError:
            return
        if size < 1:
            raise ValueError(size)
`;

async function conditionAt(entry: string, line: number): Promise<unknown> {
  const surveyed = await survey(memoryTree({ "fixture/__init__.py": SOURCE }), fixtureTarget(`fixture.${entry}`));
  const model = await walkEntry(surveyed, { name: `fixture.${entry}`, calls: [] }, NO_ENGINE);
  const found = model?.candidates.find(({ place, outcome }) => {
    return place.kind === "site" && place.line === line && outcome.kind === "error";
  });
  return found === undefined ? undefined : printPredicate(found.when);
}

describe("what comes after a try", () => {
  it("is no matter of what was caught, where all of that is refused", async () => {
    expect(await conditionAt("Config", 10)).toEqual({ lt: [{ f: "size" }, 1] });
  });

  it("is one where a handler leaves in another way", async () => {
    expect(JSON.stringify(await conditionAt("Mild", 21))).toContain('"kind"');
  });
});
