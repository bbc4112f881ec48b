import { ENGINE_IDS } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { parseEngineVersions, readEngineVersions } from "../src/versions.ts";

const GOOD = `
title: An engine
installer: pip
current: 2.0.0
supported: [1.0.0, 2.0.0]
variants: {cpu: {package: engine, version: 2.0.0, requires: [torch==2.13.0]}}
`;

describe("engine versions", () => {
  it.each(ENGINE_IDS)("%s: the committed file is readable, and every variant is of the current version", (engine) => {
    const versions = readEngineVersions(engine);
    expect(versions.supported).toContain(versions.current);
    for (const build of Object.values(versions.variants)) expect(build.version).toBe(versions.current);
  });

  it("the embedded engine is the one that this package depends on", async () => {
    const { default: manifest } = await import("../package.json", { with: { type: "json" } });
    const build = readEngineVersions("llama-cpp").variants.cpu;
    expect(build).toBeDefined();
    expect((manifest.dependencies as Record<string, string>)[build?.package ?? ""]).toBe(build?.version);
  });

  it.each([
    ["an unknown field", "digets: x\n"],
    ["a requirement without a pin", "", "torch==2.13.0", "torch>=2.13"],
    ["a current version that is not supported", "", "[1.0.0, 2.0.0]", "[1.0.0]"],
    ["a version that is mined in one that is not supported", "mined_in: {0.9.0: 1.5.0}\n"],
    ["a supported version that is mined in another", "mined_in: {1.0.0: 2.0.0}\n"],
    ["a variant of another version", "", "version: 2.0.0", "version: 1.0.0"],
  ])("refuses %s", (_, added, from = "", to = "") => {
    expect(parseEngineVersions(GOOD, "engine.yaml").current).toBe("2.0.0");
    const act = () => parseEngineVersions(GOOD.replace(from, to) + added, "engine.yaml");
    expect(act).toThrow(expect.objectContaining({ code: "internal.bug", place: { file: "engine.yaml" } }));
  });
});
