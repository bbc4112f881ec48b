import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEngineVersions } from "@lem/engines/install";
import { describe, expect, it, onTestFinished } from "vitest";
import { borrowedEnvironment } from "../../src/probe/borrowed-environment.ts";
import { findTransport } from "../../src/probe/find-transport.ts";
import { targetOf } from "../../src/targets/targets.ts";

const target = targetOf("vllm");

describe("the engine that is probed", () => {
  it("is the installed one, a named interpreter, or an image", () => {
    const cache = mkdtempSync(join(tmpdir(), "lem-cache-"));
    onTestFinished(() => rmSync(cache, { recursive: true }));
    const place = { target, version: "1.0", profile: "cpu", env: { LEM_CACHE: cache } };
    const missing = expect.objectContaining({ code: "engine.not-installed" }) as Error;
    expect(() => findTransport(place)).toThrow(missing);
    for (const named of [{ python: "python3" }, { image: "some:1" }])
      expect(findTransport({ ...place, ...named })).toHaveProperty("start");
    const bin = join(cache, "engines", `${target.engine}-1.0-cpu`, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "python"), "");
    expect(findTransport(place)).toHaveProperty("start");
    expect(() => findTransport({ ...place, version: "2.0" })).toThrow(missing);
  });

  it("is another version's, where engine_versions says so, with the Python files of this one before it", () => {
    const cache = mkdtempSync(join(tmpdir(), "lem-cache-"));
    onTestFinished(() => rmSync(cache, { recursive: true }));
    const [[version, host] = ["", ""]] = Object.entries(readEngineVersions("vllm").mined_in ?? {});
    const place = { target, version, profile: "cpu", env: { LEM_CACHE: cache } };
    expect(borrowedEnvironment(place)).toEqual({
      version: host,
      env: { PYTHONPATH: join(cache, "sources", `vllm-${version}`) },
    });
    expect(() => findTransport(place)).toThrow(expect.objectContaining({ code: "engine.not-installed" }));
    const bin = join(cache, "engines", `vllm-${host}-cpu`, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "python"), "");
    expect(findTransport(place)).toMatchObject({ probedIn: host });
    expect(findTransport({ ...place, version: host })).not.toHaveProperty("probedIn");
  });

  it("cannot be run by an interpreter that is not there", async () => {
    const transport = findTransport({ target, version: "1.0", profile: "cpu", python: "/nowhere/python", env: {} });
    await expect(transport.start()).rejects.toMatchObject({ code: "worker.spawn" });
  });
});
