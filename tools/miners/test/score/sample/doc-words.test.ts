import { float } from "@lem/config/invariants";
import { expect, it } from "vitest";
import { ClassOrder } from "../../../src/modules/class-order.ts";
import { ModuleIndex } from "../../../src/modules/module-index.ts";
import { documentationOf } from "../../../src/score/sample/doc-words.ts";
import { pythonParser } from "../../../src/syntax/parse.ts";
import { memoryTree } from "../../memory-tree.ts";

const SOURCE = `
class Base:
    low: int = 1
    """At least 3, and -1 for none."""

class Config(Base):
    """What it is, in version2 and 1.2.3 words.

    Args:
        kind (\`str\`, *optional*):
            Either \`"fast"\` or 'slow', see [1909.05858]
            and more, with \`depth\` of
            - width (\`int\`): what else.
        bits (int): One of 2, 4 or 0.5.
    """
    def __init__(self, kind=None, size=1):
        """
        Args:
            size (int): 64
        """
`;

it("reads quoted words, numbers and names of each parameter, inherited ones too", async () => {
  const index = new ModuleIndex(memoryTree({ "fixture.py": SOURCE }), await pythonParser());
  const cls = index.find("fixture.Config");
  if (cls?.kind !== "class") throw new Error("no class");
  expect(Object.fromEntries(documentationOf(cls, new ClassOrder(index)))).toEqual({
    kind: { values: ["fast", "slow", float(1909.05858)], names: ["depth", "width"] },
    bits: { values: [2, 4, float(0.5)], names: [] },
    size: { values: [64], names: [] },
    low: { values: [3, -1], names: [] },
  });
});
