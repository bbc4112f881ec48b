import { expect, it } from "vitest";
import { decodeValue } from "../../src/invariants/index.ts";
import { sameValue } from "../../src/corpus/same-value.ts";

const py = (type: string, value: unknown): object => ({ $py: type, value });
const object = (name: string, attributes: object): object => py("object", { class: name, attributes });

const SCALARS = [null, true, false, 0, 1, "", "1", py("int", "9007199254740993"), py("bytes", "MQ==")];
const FLOATS = ["1.0", "0.0", "nan"].map((value) => py("float", value));
const SEQUENCES = [[], [1], [true], [1, 2], py("tuple", []), py("tuple", [1])];
const SETS = [py("set", [1]), py("set", [1, 2]), py("frozenset", [1])];
const DICTS = [{}, { a: 1 }, { a: true }, { b: 1 }, py("dict", [[1, 1]]), py("dict", [[true, 1]])];
const OBJECTS = [object("a.B", {}), object("a.C", {}), object("a.B", { x: 1 }), object("a.B", { x: true })];
const DIFFERENT: readonly unknown[] = [SCALARS, FLOATS, SEQUENCES, SETS, DICTS, OBJECTS].flat();

it("a value is the same as itself only, types counted throughout", () => {
  for (const [i, a] of DIFFERENT.entries())
    for (const [j, b] of DIFFERENT.entries())
      expect(sameValue(decodeValue(a), decodeValue(b)), `${JSON.stringify(a)} and ${JSON.stringify(b)}`).toBe(i === j);
});

it("the order of dicts and sets and the sign of zero do not count", () => {
  expect(sameValue(decodeValue({ a: 1, b: 2 }), decodeValue({ b: 2, a: 1 }))).toBe(true);
  expect(sameValue(decodeValue(py("set", [1, 2])), decodeValue(py("set", [2, 1])))).toBe(true);
  expect(sameValue(decodeValue(py("float", "0.0")), decodeValue(py("float", "-0.0")))).toBe(true);
});
