import { describe, expect, it } from "vitest";
import { everyNodeOf } from "../../src/syntax/inside.ts";
import { pythonParser } from "../../src/syntax/parse.ts";
import type { Stmt } from "../../src/syntax/statements.ts";
import { choose, mutated, mutationsOf, textOf, type Mutation } from "./mutate.ts";

async function all(source: string): Promise<readonly Mutation[]> {
  const { body } = (await pythonParser()).parse(Buffer.from(source));
  const isRaise = ({ kind }: Stmt): boolean => kind === "Raise";
  return [...everyNodeOf(body)].flatMap((node) => mutationsOf(node as Stmt, textOf(source), isRaise));
}

const conditions = async (condition: string): Promise<readonly string[]> => {
  const source = `"é𝄞"\nif ${condition}:\n    raise ValueError\n`;
  const found = await all(source);
  return found.map((each) => mutated(source, [each]).split("\n")[1]?.slice(3, -1) ?? "");
};

describe("mutations of a condition", () => {
  it.each([
    ["a < 1", ["not (a < 1)", "a <= 1", "a < (1 + 3)"]],
    ["x is not None", ["not (x is not None)", "x is None"]],
    [
      "not (0.0 <= p <= -1)",
      [
        "not (not (0.0 <= p <= -1))",
        "(0.0 <= p <= -1)",
        "not (0.0 < p <= -1)",
        "not (0.0 <= p < -1)",
        "not ((0.0 + 3) <= p <= -1)",
        "not (0.0 <= p <= (-1 + 3))",
      ],
    ],
    ["b not in [2, 3, 4]", ["not (b not in [2, 3, 4])", "b in [2, 3, 4]", "b not in [3, 4]"]],
    ["a and b", ["not (a and b)", "a or b", "b"]],
  ])("%s", async (condition, expected) => {
    expect((await conditions(condition)).toSorted()).toEqual(expected.toSorted());
  });

  it("are made only where a statement of interest is guarded directly", async () => {
    expect(await all("if a:\n    if b:\n        raise E\nelif c:\n    pass\n")).toHaveLength(1);
  });

  it("can be made together, and are chosen evenly", async () => {
    const source = "if a < 1:\n    raise E\nif b and c:\n    raise E\nif d in [1, 2]:\n    raise E\n";
    const groups = Map.groupBy(await all(source), ({ lines }) => String(lines));
    const chosen = choose([...groups.values()], 3, 1);
    expect(new Set(chosen.map(({ what }) => what)).size).toBe(3);
    const text = mutated(source, chosen);
    expect(text.split("\n").filter((line, at) => line !== source.split("\n")[at])).toHaveLength(3);
  });
});
