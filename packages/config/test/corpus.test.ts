import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isLemError } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { loadCorpus } from "../src/corpus.ts";
import { check, CORPORA, places, project } from "./support/project.ts";

describe("loadCorpus", () => {
  it("takes the newest version, by number: 5.23.0 after 5.9.0", () => {
    expect(loadCorpus("transformers", { root: CORPORA })).toMatchObject({ status: "exact", version: "5.23.0" });
  });

  it("takes the version that is asked for", () => {
    expect(loadCorpus("transformers", { root: CORPORA, version: "5.9.0" })).toMatchObject({
      status: "exact",
      version: "5.9.0",
    });
  });

  it("says when it is another version's, and when there is none", () => {
    expect(loadCorpus("transformers", { root: CORPORA, version: "9.0.0" })).toMatchObject({
      status: "other-version",
      version: "5.23.0",
    });
    expect(loadCorpus("vllm", { root: CORPORA })).toEqual({ status: "missing" });
  });

  it.each([["not json"], ["{}"], ["null"]])("refuses a damaged schema: %s", (text) => {
    const root = project({});
    mkdirSync(join(root, "vllm", "1.0"), { recursive: true });
    writeFileSync(join(root, "vllm", "1.0", "schema.json"), text);
    expect(() => loadCorpus("vllm", { root })).toThrow(
      expect.toSatisfy((error) => isLemError(error, "config.corpus-missing")),
    );
  });

  it("finds the corpora that come with lem", () => {
    expect(["exact", "missing"]).toContain(loadCorpus("transformers").status);
  });
});

describe("a configuration", () => {
  it("of an engine without parameter schema passes unchecked, and says so", async () => {
    const outcome = await check("engine: vllm\nvllm:\n  sampling: {anything: 1}\n");
    expect(places(outcome)).toEqual(["2:1 config.corpus-missing vllm"]);
    expect(outcome.problems[0]?.severity).toBe("warn");
    expect(outcome.resolution?.corpus).toEqual({ status: "missing" });
  });

  it("is checked against the version that is asked for", async () => {
    const text = "engine: transformers\ntransformers: {generation: {only_in_5_9: 1}}\n";
    expect(places(await check(text))).toEqual(["2:29 config.unknown-key transformers.generation.only_in_5_9"]);
    const older = await check(text, { engineVersion: "5.9.0" });
    expect(older.problems).toEqual([]);
    expect(older.resolution?.corpus).toEqual({ status: "exact", version: "5.9.0" });
  });

  it("is checked against another version with a warning, where its own is missing", async () => {
    const outcome = await check("engine: transformers\ntransformers: {generation: {top_k: 1}}\n", {
      engineVersion: "9.0.0",
    });
    expect(places(outcome)).toEqual(["2:1 config.corpus-missing transformers"]);
    expect(outcome.resolution?.corpus).toEqual({ status: "other-version", version: "5.23.0" });
  });

  it("says which of its sections the parameter schema does not know", async () => {
    const outcome = await check("engine: transformers\ntransformers:\n  compile: {mode: x}\n");
    expect(places(outcome)).toEqual(["3:3 config.corpus-missing transformers.compile"]);
  });
});
