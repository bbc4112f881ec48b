import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { findPython } from "../../src/install/python.ts";
import { Workplace, type FakePlan } from "./fixtures/workplace.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Looks on a PATH that holds only the fake Python, as `python3`. */
function search(place: Workplace) {
  const env = { XDG_DATA_HOME: join(place.folder, "plan.json"), PATH: join(place.folder, "bin") };
  return findPython({ env });
}

describe("finding a Python", () => {
  it("takes one that can make environments", async () => {
    const place = new Workplace();
    expect(await search(place)).toEqual({ file: place.python, version: "3.11.7", ensurepip: true });
  });

  it("takes one without ensurepip when its own pip can install from outside", async () => {
    const place = new Workplace({ probe: { ensurepip: false, pip: "22.3" } });
    expect(await search(place)).toMatchObject({ ensurepip: false });
  });

  it.each<[string, FakePlan, string, string]>([
    ["that is too old", { probe: { version: [3, 9, 18] } }, "python3 is 3.9.18, which is too old", "install Python"],
    ["without venv", { probe: { venv: false } }, "venv", "apt install python3-venv"],
    ["without ensurepip and pip", { probe: { ensurepip: false, pip: null } }, "ensurepip", "apt install python3-venv"],
    [
      "without ensurepip and with an old pip",
      { probe: { ensurepip: false, pip: "20.1" } },
      "ensurepip",
      "python3-venv",
    ],
  ])("refuses one %s", async (_, plan, said, hint) => {
    await expect(search(new Workplace(plan))).rejects.toMatchObject({
      code: "engine.python-missing",
      message: expect.stringContaining(said),
      hint: expect.stringContaining(hint),
    });
  });

  it("refuses one that is too old for the engine", async () => {
    const place = new Workplace({ probe: { version: [3, 10, 13] } });
    const failure = findPython({ ...place.options(), minimum: "3.11" });
    await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining("3.11") });
    expect(await findPython(place.options())).toMatchObject({ version: "3.10.13" });
  });

  it("says so where there is none", async () => {
    const place = new Workplace();
    const empty = join(place.folder, "empty");
    mkdirSync(empty);
    const failure = findPython({ env: { PATH: empty } });
    await expect(failure).rejects.toMatchObject({
      code: "engine.python-missing",
      message: expect.stringContaining("none"),
    });
  });
});
