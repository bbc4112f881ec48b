import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadParameterSchema } from "@lem/config";
import { findBinding } from "../../src/llama-cpp/binding.ts";
import { readBindingOptions } from "../../src/llama-cpp/describe.ts";
import { openWorker } from "./support.ts";

const folder = findBinding()?.folder ?? "";

/** Names at the first level of an option type, found by indentation instead of by parsing. */
function declaredNames(file: string, type: string): string[] {
  const text = readFileSync(join(folder, "dist", file), "utf8");
  const body = text.slice(text.indexOf(`export type ${type} = {`)).split("\n};")[0] ?? "";
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name = ""]) => name);
}

/** Options that only a program can give: functions, signals, objects of the binding. */
const OF_PROGRAMS = ["loadSignal", "createSignal", "grammarEvaluationState", "tokenBias", "logger"];

it("offers every option that the binding declares and YAML can say, and tells which ones it leaves out", () => {
  const { schemas, leftOut } = readBindingOptions(folder);
  const declared = {
    llama: declaredNames("bindings/getLlama.d.ts", "LlamaOptions"),
    model: declaredNames("evaluator/LlamaModel/LlamaModel.d.ts", "LlamaModelOptions"),
    context: declaredNames("evaluator/LlamaContext/types.d.ts", "LlamaContextOptions"),
    sampling: declaredNames("evaluator/LlamaContext/types.d.ts", "SequenceEvaluateOptions"),
  };
  for (const [section, names] of Object.entries(declared)) {
    expect(names.length).toBeGreaterThan(4);
    const left = leftOut[section] ?? {};
    expect(Object.keys(schemas[section]?.properties ?? {})).toEqual(names.filter((name) => !(name in left)));
    expect(Object.keys(left)).toEqual(names.filter((name) => name in left));
    const notData = Object.keys(left).filter((name) => left[name] === "not-data");
    expect(notData).toEqual(names.filter((name) => OF_PROGRAMS.includes(name)));
  }
  expect(leftOut["model"]).toHaveProperty("modelPath", "decided-by-lem");
});

it("is what the corpus holds, and the same each time", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  const described = await session.request("describe", {});
  expect(await session.request("describe", {})).toEqual(described);
  const found = loadParameterSchema("llama-cpp", { version: described.engine_version });
  expect(found.status).toBe("exact");
  if (found.status === "missing") return;
  expect(found.schema.sections).toEqual(described.sections);
  expect(found.schema.defaults).toEqual(described.defaults);
  expect(found.schema.left_out).toEqual(described.left_out);
  expect(found.schema.descriptions).toEqual(described.descriptions);
  expect(described.descriptions?.["context"]?.["batchSize"]).toMatch(/^[0-9a-f]{64}$/);
});

it("states only defaults that hold whatever else is set", () => {
  const { defaults } = readBindingOptions(folder);
  expect(defaults["model"]).toMatchObject({ gpuLayers: "auto", vocabOnly: false });
  expect(defaults["context"]).not.toHaveProperty("batchSize");
  expect(defaults["context"]).not.toHaveProperty("threads");
});
