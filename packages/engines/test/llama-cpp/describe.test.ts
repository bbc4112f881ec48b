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
const OF_PROGRAMS = new Set(["loadSignal", "createSignal", "grammarEvaluationState", "tokenBias", "modelPath"]);

/** Options of `getLlama` by which lem finds the binaries and reads the log. */
const OF_LEM = new Set([
  "logLevel",
  "logger",
  "build",
  "cmakeOptions",
  "existingPrebuiltBinaryMustMatchBuildOptions",
  "usePrebuiltBinaries",
  "progressLogs",
  "skipDownload",
  "debug",
  "dryRun",
  "experimental",
]);

it("offers every option that the binding declares and YAML can say", () => {
  const { schemas } = readBindingOptions(folder);
  const declared = {
    llama: declaredNames("bindings/getLlama.d.ts", "LlamaOptions").filter((name) => !OF_LEM.has(name)),
    model: declaredNames("evaluator/LlamaModel/LlamaModel.d.ts", "LlamaModelOptions"),
    context: declaredNames("evaluator/LlamaContext/types.d.ts", "LlamaContextOptions"),
    sampling: declaredNames("evaluator/LlamaContext/types.d.ts", "SequenceEvaluateOptions"),
  };
  for (const [section, names] of Object.entries(declared)) {
    expect(names.length).toBeGreaterThan(4);
    const offered = Object.keys(schemas[section]?.properties ?? {});
    expect(offered).toEqual(names.filter((name) => !OF_PROGRAMS.has(name)));
  }
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
});

it("states only defaults that hold whatever else is set", () => {
  const { defaults } = readBindingOptions(folder);
  expect(defaults["model"]).toMatchObject({ gpuLayers: "auto", vocabOnly: false });
  expect(defaults["context"]).not.toHaveProperty("batchSize");
  expect(defaults["context"]).not.toHaveProperty("threads");
});
