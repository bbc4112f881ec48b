import { ENGINE_IDS } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { loadAdapter } from "../src/registry.ts";
import { adapterContract } from "./adapter-contract.ts";

const LOCATE = { enginesDir: "/nonexistent", env: process.env };

adapterContract({ id: "vllm", locate: LOCATE, expected: "missing" });
adapterContract({ id: "tensorrt-llm", locate: LOCATE, expected: "missing" });

describe("registry", () => {
  it("has an adapter of its own for every engine", async () => {
    const adapters = await Promise.all(ENGINE_IDS.map(loadAdapter));
    expect(adapters.map(({ id }) => id)).toEqual(ENGINE_IDS);
    expect(new Set(adapters.map(({ title }) => title)).size).toBe(ENGINE_IDS.length);
  });

  it("says plainly which engines cannot be started yet", async () => {
    const found = await (await loadAdapter("tensorrt-llm")).locate(LOCATE);
    expect(found).toMatchObject({ status: "missing", reason: expect.stringContaining("cannot start") });
  });
});
