import { describe, expect, it } from "vitest";
import type { FixtureStep } from "../../src/targets/target.ts";
import { construct, hasPython, openToy, stagesOf } from "./toy.ts";

const LOAD = "toy.files.load";
const withText = (text: string): readonly FixtureStep[] => [
  { call: "toy.files.write", arguments: [{ $folder: "" }, text], keywords: {} },
];
const FUNCTION = { name: LOAD, fixtures: [withText("ab"), withText("abcd")], machine: ["toy.machine"] };

describe.skipIf(!hasPython)("a probe of a function", () => {
  it("refuses what every fixture refuses at one place [needs python3]", async () => {
    const probe = await openToy({ functions: [FUNCTION] });
    const [fine, refused] = await probe.run([construct(LOAD), construct(LOAD, { size: 0 }, 1)]);
    expect(stagesOf(fine)).toMatchObject([{ outcome: "returned", state: {} }]);
    expect(stagesOf(refused)).toMatchObject([
      { outcome: "raised", exception: { type: "ValueError", frames: [{ path: "toy/files.py", qualname: "load" }] } },
    ]);
  });

  it("accepts what one fixture or a machine with more on it accepts [needs python3]", async () => {
    const probe = await openToy({ functions: [FUNCTION] });
    const answers = await probe.run([construct(LOAD, { kind: "long" }), construct(LOAD, { fast: true }, 1)]);
    expect(answers.map((answer) => stagesOf(answer)[0]?.outcome)).toEqual(["returned", "returned"]);
  });

  it("has no answer where files are to blame, and lets no condition hold for such a value alone [needs python3]", async () => {
    const probe = await openToy({ functions: [FUNCTION] });
    const [alone, other] = await probe.run([
      construct(LOAD, { kind: "missing" }),
      construct(LOAD, { kind: "missing", size: 2 }, 1),
    ]);
    expect(stagesOf(alone)[0]?.outcome).toBe("returned");
    expect(other?.kind).toBe("unconstructible");
  });

  it("says so when a fixture cannot be made [needs python3]", async () => {
    const broken = { ...FUNCTION, fixtures: [[{ call: "toy.files.nothing", arguments: [], keywords: {} }]] };
    await expect(openToy({ functions: [broken] })).rejects.toThrow("the fixtures of toy.files.load cannot be made");
  });
});
