import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { foreseeBy } from "../../src/gaps/foresee-by.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-foresee-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const RULE = {
  id: "engine.Sampling.n.warn-000000",
  severity: "warn",
  fields: ["n"],
  when: { gt: [{ f: "n" }, 4] },
  exception: null,
  added_by: "static_walk",
  source: { path: "engine/sampling.py", qualname: "Sampling.validate", line: 9, sha: "" },
  evidence: null,
};

const CORPUS = {
  schema_version: 1,
  engine: "vllm",
  engine_version: "1.0",
  source_sha256: "",
  validated_sha256: "",
  profiles: {},
  domains: {},
  sections: {
    sampling: "engine.Sampling",
    quantization: { key: "method", entries: { fast: "engine.Fast" } },
  },
  entries: {
    "engine.Sampling": {
      defaults: { n: 1 },
      required: [],
      unknown_keys: "accept",
      rules: [RULE],
      effective: { n: { max: [{ f: "n" }, 2] } },
    },
    "engine.Fast": { defaults: { bits: 4 }, required: [], unknown_keys: "reject", rules: [], effective: {} },
  },
};

function write(corpus: unknown): void {
  mkdirSync(join(root, "vllm", "1.0"), { recursive: true });
  writeFileSync(join(root, "vllm", "1.0", "invariants.json"), JSON.stringify(corpus));
}

test("the rules that hold, with their place, and the values that the engine will hold", async () => {
  write(CORPUS);
  const foresee = await foreseeBy("vllm", { version: "1.0", root });
  expect(foresee("sampling", { n: 5 })).toEqual({
    entry: "engine.Sampling",
    rules: [{ fields: ["n"], path: "engine/sampling.py", qualname: "Sampling.validate" }],
    effective: {},
  });
  expect(foresee("sampling", { n: 1 })).toMatchObject({ rules: [], effective: { n: 2 } });
});

test("a key picks the class, and is none of its keywords", async () => {
  write(CORPUS);
  const foresee = await foreseeBy("vllm", { version: "1.0", root });
  expect(foresee("quantization", { method: "fast", bits: 8 })).toEqual({
    entry: "engine.Fast",
    rules: [],
    effective: {},
  });
  expect(foresee("quantization", { method: "other" })).toBeUndefined();
  expect(foresee("quantization", { bits: 8 })).toBeUndefined();
});

test("nothing is foreseen of other sections, of values that are none, and without rules", async () => {
  write(CORPUS);
  const foresee = await foreseeBy("vllm", { version: "1.0", root });
  expect(foresee("engine", { n: 5 })).toBeUndefined();
  expect(foresee("sampling", { n: { $py: "nonsense" } })).toBeUndefined();
  expect((await foreseeBy("transformers", { version: "1.0", root }))("sampling", { n: 5 })).toBeUndefined();
});

test("damaged rules are told before anything runs", async () => {
  write("nonsense");
  await expect(foreseeBy("vllm", { version: "1.0", root })).rejects.toMatchObject({ code: "config.corpus-invalid" });
});
