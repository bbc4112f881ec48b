import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { GroundQuestion } from "../../src/candidates/ground.ts";
import { probeGround } from "../../src/probe/ground.ts";
import { ENGINE_FOLDER, hasPython, openToy } from "./toy.ts";

const PATH = "toy/plain.py";

/** The first place of a text in the fixture. */
function question(text: string, path = PATH): GroundQuestion {
  const lines = readFileSync(join(ENGINE_FOLDER, path), "utf8").split("\n");
  const index = lines.findIndex((line) => line.includes(text));
  const column = lines[index]?.indexOf(text) ?? -1;
  const span = { line: index + 1, column, endLine: index + 1, endColumn: column + text.length };
  return { path, module: path.replace(/\.py$/, "").replaceAll("/", "."), span, imports: [] };
}

describe.skipIf(!hasPython)("ground questions", () => {
  it("give the values of expressions of the source [needs python3]", async () => {
    const probe = await openToy();
    const answers = await probe.ground([
      question("max(SIZES) * 2"),
      question("SIZES"),
      question("Level.LOW"),
      question("(str, enum.Enum)"),
      question("Mode"),
      question("logger"),
      question("SIZES[9]".slice(0, 5)),
    ]);
    expect(answers[0]).toEqual({ kind: "value", value: 8 });
    expect(answers[1]).toEqual({ kind: "value", value: { type: "tuple", items: [1, 2, 4] } });
    expect(answers[2]).toMatchObject({ kind: "value", value: { type: "object", className: "toy.plain.Level" } });
    expect(answers[3]).toMatchObject({ kind: "opaque", type: "tuple" });
    expect(answers[4]).toMatchObject({
      kind: "opaque",
      type: "toy.plain.Mode",
      members: { FAST: "fast", SAFE: "safe" },
    });
    expect(answers[5]).toMatchObject({ kind: "opaque", type: "logging.Logger" });
  });

  it("know the imports of the functions around, and say why there is no answer [needs python3]", async () => {
    const probe = await openToy();
    const name = question("warnings");
    const aliased = { ...name, imports: [{ module: "math", name: "pi", as: "warnings" }] };
    const foreign = { ...name, path: "../outside.py" };
    const local = question("self.size");
    const answers = await probe.ground([aliased, foreign, local, { ...name, module: "toy.nothing" }]);
    expect(answers.map(({ kind }) => kind)).toEqual(["value", "unavailable", "raises", "unavailable"]);
    expect(answers[2]).toEqual({ kind: "raises", exception: "NameError" });
  });

  it("are asked once a place, and together [needs python3]", async () => {
    const probe = await openToy();
    const asked: number[] = [];
    const counting = {
      ...probe,
      ground: (questions: readonly GroundQuestion[]) => (asked.push(questions.length), probe.ground(questions)),
    };
    const resolver = probeGround(counting);
    const both = [question("SIZES"), question("max(SIZES) * 2"), question("SIZES")];
    const answers = await Promise.all(both.map((each) => resolver.resolve(each)));
    expect(answers[1]).toEqual({ kind: "value", value: 8 });
    expect(await resolver.resolve(question("SIZES"))).toEqual(answers[0]);
    expect(asked).toEqual([2]);
  });

  it("resolve dotted names [needs python3]", async () => {
    const probe = await openToy();
    const answers = await probe.resolve(["toy.plain.LIMIT", "toy.plain.Mode.FAST", "toy.plain.nothing", "toy.plain"]);
    expect(answers.slice(0, 3)).toEqual([
      { kind: "value", value: 8 },
      { kind: "value", value: "fast" },
      { kind: "unavailable", reason: "there is no such name" },
    ]);
    expect(answers[3]).toMatchObject({ kind: "opaque", type: "module" });
  });
});

describe.skipIf(!hasPython)("descriptions", () => {
  it("tell parameters, defaults, shapes and what becomes of unknown keys [needs python3]", async () => {
    const probe = await openToy();
    const [plain, needs, strict, nothing] = await probe.describe([
      "toy.plain.Plain",
      "toy.plain.Needs",
      "toy.plain.Strict",
      "toy.plain.Nothing",
    ]);
    expect(plain).toMatchObject({
      kind: "described",
      family: "class",
      parameters: [
        { name: "size", required: false, default: 1, shape: { type: "any" } },
        { name: "name", default: null },
      ],
      unknownKeys: "accept",
      attributes: { size: 1, name: null },
      documented: { size: "`int`, *optional*" },
    });
    expect(needs).toMatchObject({
      parameters: [
        { name: "must", required: true },
        { name: "other", required: false, default: 3, shape: { type: "int" } },
      ],
      unknownKeys: "reject",
      attributes: null,
    });
    expect(strict).toMatchObject({ unknownKeys: "reject", place: { path: "toy/plain.py" } });
    expect(nothing).toMatchObject({ kind: "unavailable" });
  });
});
