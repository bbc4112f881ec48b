import { float } from "@lem/config/invariants";
import { describe, expect, it } from "vitest";
import { typeOfText } from "../../../src/score/sample/type-text.ts";

const INT = { kind: "int" };
const STR = { kind: "str" };

describe("the type in a doc string", () => {
  it.each([
    ["`int`, *optional*, defaults to 20", INT],
    ["int, *optional*", INT],
    ["`bool` or `str`", { kind: "union", of: [{ kind: "bool" }, STR] }],
    ["`str | list[str]`", { kind: "union", of: [STR, { kind: "list", items: STR }] }],
    ["`Union[int, List[int]]`", { kind: "union", of: [INT, { kind: "list", items: INT }] }],
    ["`Optional[int]`", { kind: "union", of: [INT, { kind: "none" }] }],
    ["`list[list[int]]`", { kind: "list", items: { kind: "list", items: INT } }],
    ["`dict[tuple[int], float]`", { kind: "dict", keys: { kind: "tuple", items: INT }, values: { kind: "float" } }],
    ["`typing.Sequence[str]`", { kind: "list", items: STR }],
    ['`Literal["a", "b", 3]`', { kind: "values", values: ["a", "b", 3] }],
    ["'dict', *optional*, defaults to {}", { kind: "dict", keys: { kind: "any" }, values: { kind: "any" } }],
    ["`some.Class`", { kind: "opaque", name: "some.Class" }],
    ["`tuple[int, float]`", { kind: "tuple", items: { kind: "union", of: [INT, { kind: "float" }] } }],
    ["", { kind: "any" }],
    ["]][", { kind: "any" }],
    ["Literal[0.5]", { kind: "values", values: [float(0.5)] }],
  ])("%s", (text, type) => {
    expect(typeOfText(text)).toEqual(type);
  });
});
