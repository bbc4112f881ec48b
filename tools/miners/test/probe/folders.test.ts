import { describe, expect, it } from "vitest";
import type { ProbeRequest } from "../../src/probe/protocol.ts";
import type { FixtureStep } from "../../src/targets/target.ts";
import { construct, hasPython, openToy, stagesOf } from "./toy.ts";

const ENTRY = "toy.folder_settings.FolderSettings";
const CALLS = [{ method: "prepare", keywords: {} }];
const withText = (text: string): readonly FixtureStep[] => [
  { call: "toy.files.write", arguments: [{ $folder: "" }, text], keywords: {} },
];
const CLASS = {
  name: ENTRY,
  keyword: "folder",
  calls: [{ ...CALLS[0], method: "prepare", keywords: {}, severity: "error" as const }],
  fixtures: { short: withText("ab"), long: withText("abcd") },
};

const asked = (keywords: ProbeRequest["keywords"] = {}, id = 0): ProbeRequest => ({
  ...construct(ENTRY, keywords, id),
  calls: CALLS,
});

describe.skipIf(!hasPython)("a probe of a class that takes a folder", () => {
  it("refuses what is refused with every folder; what one folder takes is taken [needs python3]", async () => {
    const probe = await openToy({ folders: [CLASS] });
    const answers = await probe.run([asked(), asked({ size: -1 }, 1), asked({ kind: "long" }, 2)]);
    expect(answers.map((answer) => stagesOf(answer)[1]?.outcome)).toEqual(["returned", "raised", "returned"]);
  });

  it("answers for one folder where it is named, whatever is to blame [needs python3]", async () => {
    const probe = await openToy({ folders: [CLASS] });
    const answers = await probe.run([
      { ...asked({ kind: "long" }), fixture: "short" },
      { ...asked({ kind: "long" }, 1), fixture: "long" },
      { ...asked({ kind: "missing" }, 2), fixture: "long" },
    ]);
    expect(answers.map((answer) => stagesOf(answer)[1]?.outcome)).toEqual(["raised", "returned", "raised"]);
  });

  it("puts a fixture in the place of any folder that is named [needs python3]", async () => {
    const probe = await openToy({ folders: [CLASS] });
    const [answer] = await probe.run([asked({ folder: "some/where" })]);
    expect(stagesOf(answer)).toMatchObject([{ state: {} }, { outcome: "returned", state: {} }]);
  });

  it("has no answer where files are to blame, and lets no condition hold for such a value alone [needs python3]", async () => {
    const probe = await openToy({ folders: [CLASS] });
    const [alone, other] = await probe.run([asked({ kind: "missing" }), asked({ kind: "missing", size: 2 }, 1)]);
    expect(stagesOf(alone).map(({ outcome }) => outcome)).toEqual(["returned", "returned"]);
    expect(other?.kind).toBe("unconstructible");
  });

  it("tells what is said of this configuration alone, and what changes in the same way with every folder [needs python3]", async () => {
    const probe = await openToy({ folders: [CLASS] });
    const [plain, loud, changed] = await probe.run([
      asked({ size: 2 }),
      asked({ loud: true }, 1),
      asked({ level: null }, 2),
    ]);
    expect(stagesOf(plain)[1]?.said).toEqual([]);
    expect(stagesOf(loud)[1]?.said).toHaveLength(1);
    expect(stagesOf(changed)[1]?.state).toEqual({});
  });

  it("puts back what a configuration changes in the environment and in loggers [needs python3]", async () => {
    const probe = await openToy({ folders: [CLASS] });
    const answers = await probe.run(
      Array.from({ length: 20 }, (_, id) => asked({ kind: id % 2 === 0 ? "quiet" : "short", loud: true }, id)),
    );
    for (const answer of answers)
      expect(stagesOf(answer)[1]).toMatchObject({ outcome: "returned", said: [{ path: "toy/folder_settings.py" }] });
  });

  it("leaves out a kind that this version does not know, but not the first [needs python3]", async () => {
    const none = [{ call: "toy.files.nothing", arguments: [], keywords: {} }];
    const probe = await openToy({ folders: [{ ...CLASS, fixtures: { ...CLASS.fixtures, none } }] });
    const answers = await probe.run([asked({ size: -1 }), { ...asked({}, 1), fixture: "none" }]);
    expect(stagesOf(answers[0])[1]?.outcome).toBe("raised");
    expect(answers[1]?.kind).toBe("unconstructible");
    const first = openToy({ folders: [{ ...CLASS, fixtures: { none, ...CLASS.fixtures } }] });
    await expect(first).rejects.toThrow("the fixture none of toy.folder_settings");
    const single = openToy({ folders: [{ ...CLASS, fixtures: { short: CLASS.fixtures.short, none } }] });
    await expect(single).rejects.toThrow("only short can be made");
  });

  it("says so when a fixture cannot be made [needs python3]", async () => {
    const broken = { ...CLASS, fixtures: { none: [{ call: "toy.files.nothing", arguments: [], keywords: {} }] } };
    await expect(openToy({ folders: [broken] })).rejects.toThrow("the fixture none of toy.folder_settings");
  });
});
