import { expect, it } from "vitest";
import type { Problem } from "../src/problem.ts";
import { check, codes, places, present, project, RULES } from "./support/project.ts";

const options = { corporaRoot: RULES, engineVersion: "5.23.0" };
const generation = (keys: string): string => `engine: transformers\ntransformers:\n  generation: {${keys}}\n`;

it("reports every rule that fires with place, rule, reason and nearest valid value", async () => {
  const outcome = await check(generation("max_new_tokens: 0, temperature: 0.5, cache_implementation: statik"), options);
  expect(places(outcome)).toEqual([
    "3:32 config.invariant transformers.generation.max_new_tokens",
    "3:75 config.invariant transformers.generation.cache_implementation",
    "3:48 config.engine-warning transformers.generation.temperature",
  ]);
  expect(outcome.resolution).toBeUndefined();
  expect(outcome.problems[0]).toEqual({
    code: "config.invariant",
    severity: "error",
    message: "transformers refuses max_new_tokens 0: it must be more than 0",
    path: "transformers.generation.max_new_tokens",
    file: null,
    line: 3,
    column: 32,
    rule: "transformers.GenerationConfig.max_new_tokens.error-000002",
    hint: "write max_new_tokens: 1",
  });
  expect(outcome.problems[2]?.severity).toBe("warn");
});

it("tells 1 from 1.0 and null from nothing", async () => {
  const bnb = (keys: string): string =>
    `engine: transformers\ntransformers: {quantization: {quant_method: bitsandbytes, ${keys}}}\n`;
  expect(places(await check(bnb("llm_int8_threshold: 6.0"), options))).toEqual([]);
  expect(places(await check(bnb("llm_int8_threshold: 6"), options))).toEqual([
    "2:79 config.invariant transformers.quantization.llm_int8_threshold",
  ]);
  expect(places(await check(generation("max_new_tokens: null"), options))).toEqual([]);
});

it("takes the class that a key picks, and says nothing where there is none", async () => {
  const of = (method: string): string =>
    `engine: transformers\ntransformers: {quantization: {${method}, llm_int8_threshold: 6}}\n`;
  expect(places(await check(of("quant_method: bitsandbytes"), options))).toHaveLength(1);
  expect(places(await check(of("quant_method: other"), options))).toEqual([]);
  expect(places(await check(of("load_in_4bit: true"), options))).toEqual([]);
});

it("leaves a key that the parameter schema refuses to it", async () => {
  const text =
    "engine: transformers\ntransformers: {quantization: {quant_method: bitsandbytes, load_in_4bit: 1, loud: 2}}\n";
  expect(places(await check(text, options))).toEqual([
    "2:73 config.wrong-type transformers.quantization.load_in_4bit",
    "2:76 config.unknown-key transformers.quantization.loud",
  ]);
});

it("checks what extra passes on of known keys, at their place, and passes on what the class does not know", async () => {
  const text =
    "engine: transformers\ntransformers:\n  extra: {quantization: {loud: 2}}\n  quantization: {quant_method: bitsandbytes}\n";
  const outcome = await check(text, options);
  expect(places(outcome)).toEqual(["3:26 config.unknown-key transformers.extra.quantization.loud"]);
  expect(outcome.problems[0]?.severity).toBe("warn");
  expect(present(outcome.resolution).experiment.sections["quantization"]).toMatchObject({ loud: 2 });
  expect(present(outcome.resolution).experiment.unchecked).toEqual(["transformers.quantization.loud"]);
  const known = await check(text.replace("loud: 2", "load_in_4bit: 7"), options);
  expect(known.problems.map(({ code, path }) => `${code} ${path}`)).toContain(
    "config.invariant transformers.extra.quantization.load_in_4bit",
  );
});

it("shows what the engine changes, and refuses nothing for it", async () => {
  const outcome = await check(generation("guidance_scale: 1.0, num_assistant_tokens: true"), options);
  expect(outcome.problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    "config.dormant transformers reads guidance_scale 1.0 as null",
    "config.dormant transformers reads num_assistant_tokens true as 1",
  ]);
  expect(outcome.problems[0]?.rule).toBe("transformers.GenerationConfig.guidance_scale.dormant-00000b");
  expect(present(outcome.resolution).changed).toEqual([
    {
      section: "generation",
      field: "guidance_scale",
      declared: { $py: "float", value: "1.0" },
      effective: null,
      isDefault: true,
    },
    { section: "generation", field: "num_assistant_tokens", declared: true, effective: 1, isDefault: false },
  ]);
});

it("gives experiments of which the engine makes the same one effective id", async () => {
  const ids = async (keys: string): Promise<{ id: string; effective_id: string }> =>
    present((await check(generation(keys), options)).resolution);
  const plain = await ids("top_p: 0.5");
  expect(plain.effective_id).toBe(await ids("top_p: 0.5").then(({ effective_id }) => effective_id));
  const changed = await ids("top_p: 0.5, guidance_scale: 1");
  expect(changed.id).not.toBe(plain.id);
  expect(changed.effective_id).toBe(plain.effective_id);
  expect((await ids("top_p: 0.5, guidance_scale: 1.0")).effective_id).toBe(plain.effective_id);
  expect((await ids("top_p: 0.5, guidance_scale: 2")).effective_id).not.toBe(plain.effective_id);
  expect((await ids("num_assistant_tokens: true")).effective_id).toBe(
    (await ids("num_assistant_tokens: 1")).effective_id,
  );
  expect((await ids("top_p: 1")).effective_id).not.toBe((await ids("top_p: 1.0")).effective_id);
});

it("says aloud that the rules are another version's, and keeps it", async () => {
  const outcome = await check(generation("max_new_tokens: 0"), { ...options, engineVersion: "5.24.0" });
  expect(places(outcome)).toContain("2:1 config.corpus-missing transformers");
  expect(outcome.corpus).toEqual({
    status: "other-version",
    version: "5.23.0",
    rules: { status: "other-version", version: "5.23.0" },
  });
});

it("refuses by the rules of another minor version, and only warns by those of another major one", async () => {
  const problemsFor = async (engineVersion: string): Promise<readonly Problem[]> =>
    (await check(generation("cache_implementation: statik"), { ...options, engineVersion })).problems;
  expect(await problemsFor("5.24.0")).toContainEqual(
    expect.objectContaining({ code: "config.invariant", severity: "error" }),
  );
  const advice = await problemsFor("6.0.0");
  expect(new Set(advice.map(({ severity }) => severity))).toEqual(new Set(["warn"]));
  expect(advice.find(({ code }) => code === "config.invariant")?.message).toMatch(
    /cache_implementation "?statik.*\(so it was in 5\.23\.0; 6\.0\.0 may differ\)$/,
  );
});

const OPEN = { type: "object", additionalProperties: true };

it("says once, and aloud, that an engine has no rules, where something is written that they would judge", async () => {
  const corporaRoot = project({
    "llama-cpp/3.21.1/schema.json": JSON.stringify({ sections: { context: OPEN, sampling: OPEN } }),
  });
  const of = (text: string): ReturnType<typeof check> => check(`engine: llama-cpp\n${text}`, { corporaRoot });
  const { problems, corpus } = await of("llama-cpp: {context: {n_ctx: 512}, sampling: {temp: 0.5}}\n");
  expect(problems).toEqual([
    expect.objectContaining({
      code: "config.corpus-missing",
      severity: "warn",
      message: "there are no rules for llama-cpp: what it refuses, ignores or changes shows only when it runs",
    }),
  ]);
  expect(corpus?.rules).toEqual({ status: "missing" });
  expect((await of("preset: deterministic\n")).problems).toEqual([]);
});

it("does not take an unknown fact for a ground to refuse", async () => {
  const text = generation("compile_config: {}");
  expect(places(await check(text, { ...options, profile: "cuda-sm90" }))).toEqual([]);
});

it("says of a section whose class has no rules that nothing is known of it", async () => {
  const text = "engine: transformers\ntransformers:\n  load: {device_map: auto}\n  generation: {top_p: 0.5}\n";
  const { problems, resolution } = await check(text, options);
  expect(resolution).toBeDefined();
  expect(problems.map(({ code, severity, path }) => `${code} ${severity} ${path}`)).toEqual([
    "config.corpus-missing warn transformers.load",
  ]);
  expect(problems[0]?.message).toContain("there are no rules for load of transformers on cpu");
  expect(codes(await check("engine: transformers\n", options))).toEqual([]);
});
