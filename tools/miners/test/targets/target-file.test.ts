import { describe, expect, it } from "vitest";
import { parseTarget } from "../../src/targets/target-file.ts";

const MINIMAL = "engine: vllm\npackages: [p]\nroot: p\nclasses: [{name: p.C}]\nlandmarks: [p.C.check]\n";

describe("a target's file", () => {
  it("needs little; calls are errors unless they say otherwise", () => {
    const text = MINIMAL.replace(
      "p.C}",
      "p.C, calls: [{method: check}, {method: check, keywords: {hard: true}, severity: warn}]}",
    );
    expect(parseTarget(text, "f.yaml")).toMatchObject({
      classes: [
        {
          name: "p.C",
          calls: [
            { method: "check", keywords: {}, severity: "error" },
            { method: "check", keywords: { hard: true }, severity: "warn" },
          ],
        },
      ],
      families: [],
      functions: [],
      sections: {},
      fixtures: {},
      env: {},
    });
  });

  it.each([
    ["no YAML", "engine: [", /mine|flow|\]/i],
    ["a name of an engine that is none", MINIMAL.replace("vllm", "../other"), /engine/],
    ["an unknown key", `${MINIMAL}colour: red\n`, /colour/],
    ["no landmark", MINIMAL.replace("[p.C.check]", "[]"), /landmark/],
    ["a name that is none", MINIMAL.replace("p.C}", "'p.C()'}"), /classes\.0\.name/],
    ["an unknown severity", MINIMAL.replace("p.C}", "p.C, calls: [{method: m, severity: bad}]}"), /severity/],
    ["nothing", "", /./],
  ])("is refused with %s", (_, text, message) => {
    expect(() => parseTarget(text, "f.yaml")).toThrow(
      expect.objectContaining({ code: "mine.target", message: expect.stringMatching(message) as string }) as Error,
    );
  });
});
