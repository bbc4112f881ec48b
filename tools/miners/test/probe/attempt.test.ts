import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { construct, ENGINE_FOLDER, hasPython, openToy, stagesOf } from "./toy.ts";

const PLAIN = "toy.plain.Plain";

/** Where the fixture says something, counted from 1. */
function lineOf(file: string, text: string): number {
  const lines = readFileSync(join(ENGINE_FOLDER, "toy", file), "utf8").split("\n");
  const index = lines.findIndex((line) => line.includes(text));
  expect(index).toBeGreaterThan(-1);
  return index + 1;
}

describe.skipIf(!hasPython)("a probe", () => {
  it("tells an exception with its classes and its places, the innermost first [needs python3]", async () => {
    const probe = await openToy();
    const [answer] = await probe.run([construct(PLAIN, { size: 3 })]);
    const line = lineOf("plain.py", "raise ValueError(");
    expect(stagesOf(answer)).toMatchObject([
      {
        stage: 0,
        outcome: "raised",
        exception: {
          type: "ValueError",
          mro: ["ValueError", "Exception", "BaseException", "object"],
          frames: [
            { path: "toy/plain.py", qualname: "Plain.__init__", line, span: { line, column: 12, endLine: line + 2 } },
          ],
          items: [],
        },
        state: {},
      },
    ]);
  });

  it("names columns as the inventory does, and exceptions of the engine's own by module [needs python3]", async () => {
    const probe = await openToy();
    const validate = (keywords: object) => ({ method: "validate", keywords: { ...keywords } });
    const [first, second] = await probe.run([
      { ...construct(PLAIN, { size: 4 }), calls: [validate({}), validate({ strict: true })] },
      { ...construct(PLAIN, { size: 1 }), calls: [validate({ strict: true })] },
    ]);
    const stages = stagesOf(first);
    expect(stages.map(({ outcome }) => outcome)).toEqual(["returned", "raised", "raised"]);
    const line = lineOf("plain.py", "raise KeyError");
    const column = '        if self.size > 2 and "é" != self.name: '.length;
    expect(stages[1]?.exception?.frames[0]).toMatchObject({ line, span: { column } });
    expect(stages[2]?.state).toEqual({ size: 4 });
    expect(stagesOf(second)[1]?.exception?.type).toBe("toy.plain.Refused");
  });

  it("skips calls when there is no object [needs python3]", async () => {
    const probe = await openToy();
    const [answer] = await probe.run([
      { ...construct(PLAIN, { size: 9 }), calls: [{ method: "validate", keywords: {} }] },
    ]);
    expect(stagesOf(answer).map(({ outcome }) => outcome)).toEqual(["raised", "skipped"]);
  });

  it("finds what was said at the call itself, through helpers, each time anew [needs python3]", async () => {
    const probe = await openToy();
    const names = ["once", "once", "old", "warn", "quiet"];
    const answers = await probe.run(names.map((name, id) => construct(PLAIN, { name }, id)));
    const said = answers.map((answer) =>
      stagesOf(answer)[0]?.said.map(({ channel, category, path, line }) => [channel, category, path, line]),
    );
    const once = ["log", "WARNING", "toy/plain.py", lineOf("plain.py", "warning_once")];
    const old = ["warning", "DeprecationWarning", "toy/loud.py", lineOf("loud.py", "warnings.warn")];
    expect(said).toEqual([
      [once],
      [once],
      [old],
      [["warning", "UserWarning", "toy/plain.py", lineOf("plain.py", '"a warning"')]],
      [],
    ]);
  });

  it("reports what was given, what is asked for, or all that is public [needs python3]", async () => {
    const probe = await openToy();
    const asked = { ...construct(PLAIN, { name: "ABC" }), report: ["size", "broken", "missing"] };
    const answers = await probe.run([construct(PLAIN, { name: "ABC", odd: 1 }), asked, { ...asked, report: "all" }]);
    const level = {
      class: "toy.plain.Level",
      mro: ["toy.plain.Level", "enum.Enum", "object"],
      attributes: { name: "LOW", value: 1 },
    };
    expect(answers.map((answer) => stagesOf(answer)[0]?.state)).toEqual([
      { name: "abc", odd: 1 },
      { name: "abc", size: 1 },
      { name: "abc", size: 1, level: { $py: "object", value: level } },
    ]);
  });

  it("takes and gives back every value unchanged [needs python3]", async () => {
    const probe = await openToy();
    const of = (type: string, value: unknown) => ({ $py: type, value });
    const floats = ["1.0", "-0.0", "1e-05", "1e+22", "nan", "inf", "-inf"].map((text) => of("float", text));
    const texts = ["", "é\ud83d\ude00", "\ud800"];
    const containers = [[], [[1], "a"], {}, { a: { b: [null] } }];
    const numbers = [0, -5, 9007199254740991, of("int", "123456789012345678901234567890")];
    const tuples = [[1], [of("tuple", [])]].map((items) => of("tuple", items));
    const sets = [of("set", ["a", "b"]), of("frozenset", [1])];
    const dicts = [
      [
        [1, "a"],
        [of("tuple", [1]), null],
      ],
      [["$py", 1]],
    ].map((pairs) => of("dict", pairs));
    const level = { class: "toy.plain.Level", mro: ["toy.plain.Level", "enum.Enum", "object"] };
    const objects = [
      of("object", { ...level, attributes: { name: "HIGH", value: 2 } }),
      of("object", { class: "type", mro: ["type", "object"], attributes: { __reference__: "toy.plain.Plain" } }),
    ];
    const scalars = [null, true, of("bytes", "AP8="), ...numbers, ...floats, ...texts];
    const values = [...scalars, ...containers, ...tuples, ...sets, ...dicts, ...objects];
    const answers = await probe.run(values.map((a, id) => construct("toy.plain.Strict", { a }, id)));
    expect(answers.map((answer) => stagesOf(answer)[0]?.state["a"])).toEqual(values);
  });

  it("tells what cannot be constructed from what is refused [needs python3]", async () => {
    const probe = await openToy();
    const object = (name: string, attributes = {}) => ({ $py: "object", value: { class: name, attributes } });
    const answers = await probe.run([
      construct("toy.plain.Nothing"),
      construct("nowhere.Plain"),
      construct(PLAIN, { name: object("toy.plain.Nothing") }),
      construct(PLAIN, { name: object("toy.plain.Needs") }),
      construct(PLAIN, { name: { $py: "complex", value: "1j" } }),
      construct("toy.plain.Needs"),
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual([...Array.from({ length: 5 }, () => "unconstructible"), "done"]);
    expect(stagesOf(answers[5])[0]?.exception).toMatchObject({ type: "TypeError", frames: [] });
  });
});
