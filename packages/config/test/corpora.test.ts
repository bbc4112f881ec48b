import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isLemError, sha256, type ErrorCode } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { findCorpus, loadCorpus, loadParameterSchema } from "../src/corpora.ts";
import type { Corpus } from "../src/corpus/corpus.ts";
import { sealCorpus } from "../src/corpus/parse-corpus.ts";
import { check, CORPORA, places, project, RULES } from "./support/project.ts";

describe("loadParameterSchema", () => {
  it("takes the newest version, by number: 5.23.0 after 5.9.0", () => {
    expect(loadParameterSchema("transformers", { root: CORPORA })).toMatchObject({
      status: "exact",
      version: "5.23.0",
    });
  });

  it("takes the version that is asked for", () => {
    expect(loadParameterSchema("transformers", { root: CORPORA, version: "5.9.0" })).toMatchObject({
      status: "exact",
      version: "5.9.0",
    });
  });

  it("says when it is another version's, and when there is none", () => {
    expect(loadParameterSchema("transformers", { root: CORPORA, version: "9.0.0" })).toMatchObject({
      status: "other-version",
      version: "5.23.0",
    });
    expect(loadParameterSchema("vllm", { root: CORPORA })).toEqual({ status: "missing" });
  });

  it("takes no version that was proven in another's environment, unless it is asked for or alone", () => {
    const schema = JSON.stringify({ sections: {} });
    const rules = (probedIn: object): string => JSON.stringify({ schema_version: 1, engine: "vllm", ...probedIn });
    const root = project({
      "vllm/0.32.0/schema.json": schema,
      "vllm/0.32.0/invariants.json": rules({}),
      "vllm/0.33.0/schema.json": schema,
      "vllm/0.33.0/invariants.json": rules({ probed_in: "0.32.0" }),
      "transformers/5.1.0/schema.json": schema,
      "transformers/5.1.0/invariants.json": rules({ probed_in: "5.0.0" }),
    });
    expect(loadParameterSchema("vllm", { root })).toMatchObject({ status: "exact", version: "0.32.0" });
    expect(loadParameterSchema("vllm", { root, version: "0.33.0" })).toMatchObject({ version: "0.33.0" });
    expect(loadParameterSchema("transformers", { root })).toMatchObject({ version: "5.1.0" });
  });

  it("takes rules of a version that lem runs, not of a newer one that no worker described", () => {
    const rules = JSON.stringify({ schema_version: 1, engine: "llama-cpp" });
    const root = project({
      "llama-cpp/3.21.1/schema.json": JSON.stringify({ sections: {} }),
      "llama-cpp/3.21.1/invariants.json": rules,
      "llama-cpp/3.22.1/invariants.json": rules,
      "vllm/0.31.0/invariants.json": rules,
      "vllm/0.32.0/invariants.json": rules,
    });
    expect(findCorpus("llama-cpp", { root })).toMatchObject({ status: "exact", version: "3.21.1" });
    expect(findCorpus("llama-cpp", { root, version: "3.22.1" })).toMatchObject({ status: "exact", version: "3.22.1" });
    expect(findCorpus("vllm", { root })).toMatchObject({ version: "0.32.0" });
  });

  it.each([["not json"], ["{}"], ["null"]])("refuses a damaged schema: %s", (text) => {
    const root = project({});
    mkdirSync(join(root, "vllm", "1.0"), { recursive: true });
    writeFileSync(join(root, "vllm", "1.0", "schema.json"), text);
    expect(() => loadParameterSchema("vllm", { root })).toThrow(
      expect.toSatisfy((error) => isLemError(error, "config.corpus-missing")),
    );
  });

  it("finds the corpora that come with lem", () => {
    expect(["exact", "missing"]).toContain(loadParameterSchema("transformers").status);
  });
});

describe("loadCorpus", () => {
  const version = "5.23.0";
  const text = readFileSync(join(RULES, "transformers", version, "invariants.json"), "utf8");

  function corpora(content: string, files: Readonly<Record<string, string>> = {}): string {
    const folder = `transformers/${version}`;
    const others = Object.entries(files).map(([name, held]) => [`${folder}/${name}`, held] as const);
    return project({ [`${folder}/invariants.json`]: content, ...Object.fromEntries(others) });
  }

  const refusal = (code: ErrorCode): unknown => expect.toSatisfy((error) => isLemError(error, code));
  const changed = (change: object): string => JSON.stringify({ ...(JSON.parse(text) as object), ...change });

  it("finds the rules of a version, of the nearest one, or none", async () => {
    expect(await loadCorpus("transformers", { root: RULES, version })).toMatchObject({ status: "exact", version });
    expect(await loadCorpus("transformers", { root: RULES })).toMatchObject({ status: "exact", version });
    expect(await loadCorpus("transformers", { root: RULES, version: "6.0" })).toMatchObject({
      status: "other-version",
      version,
    });
    expect(await loadCorpus("vllm", { root: RULES })).toEqual({ status: "missing" });
    expect(await loadCorpus("vllm", { root: join(RULES, "no such folder") })).toEqual({ status: "missing" });
  });

  it.each([
    ["no JSON", "junk"],
    ["nothing", ""],
    ["a truncated file", text.slice(0, text.length / 2)],
    ["another shape", "[]"],
    ["null", "null"],
    ["no entries", changed({ entries: 1 })],
    ["no format", changed({ schema_version: "1" })],
    ["no hash", changed({ source_sha256: null })],
    ["another engine's rules", changed({ engine: "vllm" })],
    ["another version's rules", changed({ engine_version: "5.17.0" })],
    ["a wrong hash of its content", changed({ content_sha256: "0".repeat(64) })],
    ["no hash of its content", changed({ content_sha256: 1 })],
  ])("refuses %s", async (_, content) => {
    await expect(loadCorpus("transformers", { root: corpora(content) })).rejects.toThrow(
      refusal("config.corpus-invalid"),
    );
  });

  it("refuses a newer format", async () => {
    const root = corpora(changed({ schema_version: 2 }));
    await expect(loadCorpus("transformers", { root })).rejects.toThrow(refusal("config.schema-version"));
  });

  it("refuses rules that were not compiled from the reviewed ones beside them", async () => {
    const reviewed = "rules: []\n";
    const right = changed({ validated_sha256: sha256(reviewed) });
    const found = await loadCorpus("transformers", { root: corpora(right, { "invariants.validated.yaml": reviewed }) });
    expect(found.status).toBe("exact");
    const root = corpora(right, { "invariants.validated.yaml": `${reviewed}# edited\n` });
    await expect(loadCorpus("transformers", { root })).rejects.toThrow(refusal("config.corpus-invalid"));
  });

  it("refuses sealed rules of which one character was changed", async () => {
    const sealed = sealCorpus(JSON.parse(text) as Corpus);
    expect((await loadCorpus("transformers", { root: corpora(sealed) })).status).toBe("exact");
    expect(sealCorpus(JSON.parse(sealed) as Corpus)).toBe(sealed);
    const root = corpora(sealed.replace('"max_new_tokens"},0', '"max_new_tokens"},1'));
    await expect(loadCorpus("transformers", { root })).rejects.toThrow(refusal("config.corpus-invalid"));
  });

  it("refuses a folder in the rules' place", async () => {
    const root = project({ "transformers/5.23.0/invariants.json/x": "" });
    await expect(loadCorpus("transformers", { root })).rejects.toThrow(refusal("config.corpus-invalid"));
  });
});

describe("a configuration", () => {
  it("of an engine without parameter schema passes unchecked, and says so", async () => {
    const outcome = await check("engine: vllm\nvllm:\n  sampling: {anything: 1}\n");
    expect(places(outcome)).toEqual(["2:1 config.corpus-missing vllm"]);
    expect(outcome.problems[0]?.severity).toBe("warn");
    expect(outcome.resolution?.corpus).toEqual({ status: "missing", rules: { status: "missing" } });
  });

  it("is checked against the version that is asked for", async () => {
    const text = "engine: transformers\ntransformers: {generation: {only_in_5_9: 1}}\n";
    expect(places(await check(text))).toEqual(["2:29 config.unknown-key transformers.generation.only_in_5_9"]);
    const older = await check(text, { engineVersion: "5.9.0" });
    expect(older.problems).toEqual([]);
    expect(older.resolution?.corpus).toMatchObject({ status: "exact", version: "5.9.0" });
  });

  it("is checked against another version with a warning, where its own is missing", async () => {
    const outcome = await check("engine: transformers\ntransformers: {generation: {top_k: 1}}\n", {
      engineVersion: "9.0.0",
    });
    expect(places(outcome)).toEqual(["2:1 config.corpus-missing transformers"]);
    expect(outcome.resolution?.corpus).toMatchObject({ status: "other-version", version: "5.23.0" });
  });

  it("says which of its sections the parameter schema does not know", async () => {
    const outcome = await check("engine: transformers\ntransformers:\n  compile: {mode: x}\n");
    expect(places(outcome)).toEqual(["3:3 config.corpus-missing transformers.compile"]);
  });
});
