import { describe, expect, it } from "vitest";
import { DEPRECATED_ENGINE_NAMES, ENGINE_IDS, isEngineId, parseEngineId } from "../src/ids.ts";

describe("engine names", () => {
  it.each(ENGINE_IDS)("%s is itself", (id) => {
    expect([isEngineId(id), parseEngineId(id)]).toEqual([true, id]);
  });

  it.each(Object.entries(DEPRECATED_ENGINE_NAMES))("%s is still read, as %s", (old, id) => {
    expect([isEngineId(old), parseEngineId(old)]).toEqual([false, id]);
  });

  it.each(["", "VLLM", "toString", "__proto__", "vllm "])("%j is no engine", (name) => {
    expect(isEngineId(name)).toBe(false);
    expect(() => parseEngineId(name)).toThrow(expect.objectContaining({ code: "engine.unknown" }));
  });
});
