import { join } from "node:path";
import { LemError, sha256, type JsonObject } from "@lem/domain";
import type { LeftOut, Sections } from "../worker/protocol.ts";
import { DeclarationFile } from "./declarations.ts";
import { propertiesOf, type PropertyOf } from "./type-schema.ts";

/** The type that holds the options of each section, and the file in the binding that declares it. */
const OPTION_TYPES = {
  llama: { file: "bindings/getLlama.d.ts", type: "LlamaOptions" },
  model: { file: "evaluator/LlamaModel/LlamaModel.d.ts", type: "LlamaModelOptions" },
  context: { file: "evaluator/LlamaContext/types.d.ts", type: "LlamaContextOptions" },
  sampling: { file: "evaluator/LlamaContext/types.d.ts", type: "SequenceEvaluateOptions" },
} as const;

/**
 * Keys that lem decides: the file that is loaded, how the binding finds its binaries and where it logs; and where the
 * user says nothing, what follows from the workload and the machine.
 */
const OWN_KEYS = new Set([
  "model.modelPath",
  ...["logLevel", "build", "cmakeOptions", "existingPrebuiltBinaryMustMatchBuildOptions", "usePrebuiltBinaries"].map(
    (key) => `llama.${key}`,
  ),
  ...["progressLogs", "skipDownload", "debug", "dryRun", "experimental"].map((key) => `llama.${key}`),
]);
const OWN_DEFAULTS = new Set([
  "llama.gpu",
  "llama.maxThreads",
  "context.sequences",
  "context.contextSize",
  "context.threads",
  "sampling.yieldEogToken",
]);

/** The options of a binding, by section. */
export interface BindingOptions {
  /** A JSON Schema of each section. */
  readonly schemas: Readonly<Record<string, OptionSchema>>;
  /** Values that hold when nothing is set, where the declarations state them. */
  readonly defaults: Sections;
  /** Names of the options that a section does not take. */
  readonly leftOut: LeftOut;
  /** SHA-256 of what the declarations say of each option, by section. */
  readonly descriptions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The schema of a section. */
export type OptionSchema = JsonObject & { readonly properties: Readonly<Record<string, JsonObject>> };

/** Reads the options from the type declarations of an installed binding: the same files always give the same result. */
export function readBindingOptions(folder: string): BindingOptions {
  const opened = new Map<string, DeclarationFile>();
  const schemas: Record<string, OptionSchema> = {};
  const defaults: Record<string, JsonObject> = {};
  const leftOut: Record<string, LeftOut[string]> = {};
  const descriptions: Record<string, Readonly<Record<string, string>>> = {};
  for (const [section, { file, type }] of Object.entries(OPTION_TYPES)) {
    const options = optionsOf(DeclarationFile.open(join(folder, "dist", file), opened), type);
    const offered = options.filter(({ name }) => !OWN_KEYS.has(`${section}.${name}`));
    schemas[section] = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: Object.fromEntries(offered.flatMap(({ name, schema }) => (schema ? [[name, schema]] : []))),
      additionalProperties: false,
    };
    descriptions[section] = Object.fromEntries(
      options.flatMap(({ name, comment }) => (comment === "" ? [] : [[name, sha256(comment)]])),
    );
    leftOut[section] = Object.fromEntries(
      options.flatMap(({ name, schema }) => {
        const isOffered = offered.some((each) => each.name === name);
        return isOffered && schema !== undefined ? [] : [[name, isOffered ? "not-data" : "decided-by-lem"]];
      }),
    );
    const stated = offered.filter(({ name }) => !OWN_DEFAULTS.has(`${section}.${name}`));
    defaults[section] = Object.fromEntries(
      stated.flatMap(({ name, stated: value }) => (value === undefined ? [] : [[name, value]])),
    );
  }
  return { schemas, defaults, leftOut, descriptions };
}

function optionsOf(file: DeclarationFile, type: string): readonly PropertyOf[] {
  const declared = file.find(type);
  const literal = declared?.node.type === "TSTypeAliasDeclaration" ? declared.node.typeAnnotation : undefined;
  if (declared !== undefined && literal?.type === "TSTypeLiteral") return propertiesOf(literal, declared.file);
  throw new LemError("worker.failed", `the binding no longer declares ${type}`);
}
