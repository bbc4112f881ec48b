import type { JsonObject } from "@lem/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Replies, Sections } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { engineScript, loadBody, modelPath, openEngine, runGroups, temporaryFolder } from "./fixtures/engine.ts";

/** Each class of keywords: a value that is not the engine's default, and what its objects hold afterwards. */
describe("every class of keywords reaches the engine", { timeout: 300_000 }, () => {
  const [folder, remove] = temporaryFolder();
  const adapter = `${folder}/adapter`;
  let session: WorkerSession;
  let model: string;

  beforeAll(async () => {
    model = await modelPath("builtin:tiny", "hf-folder");
    await engineScript("make_adapter.py", [model, adapter]);
    session = await openEngine(folder);
  }, 300_000);

  afterAll(async () => {
    await session?.close();
    remove();
  });

  async function loaded(sections: Sections): Promise<Replies["load"]> {
    await session.request("unload", {});
    return session.request("load", loadBody(model, sections));
  }

  const ids = async (): Promise<readonly number[] | undefined> => {
    const { answers } = await runGroups(session, [[{ r: 0, tokens: [50, 60, 70], output_tokens: 12 }]]);
    return answers[0]?.ids;
  };

  it.each<[string, JsonObject, JsonObject]>([
    ["load", { dtype: "bfloat16", attn_implementation: "eager" }, { parameter_dtypes: { bfloat16: 39 } }],
    ["load", { dtype: "torch.float16" }, { dtype: "float16" }],
    ["load", { device_map: "cpu", use_safetensors: true }, {}],
    ["generation", { do_sample: true, temperature: 0.25, top_k: 7, cache_implementation: "static" }, {}],
    ["quantization", { load_in_8bit: true, llm_int8_threshold: 4.5 }, { class: "BitsAndBytesConfig" }],
    ["tokenizer", { padding_side: "left", model_max_length: 77 }, {}],
    ["compile", { backend: "eager", dynamic: true }, { active: true, fullgraph: false }],
  ])("%s %j", async (section, set, besides) => {
    const { effective, threads } = await loaded({ [section]: set });
    expect(threads).toBeGreaterThan(0);
    const held = { ...set, ...besides };
    if (held["dtype"] === "torch.float16") held["dtype"] = "float16";
    expect(effective[section]).toMatchObject(held);
    expect(await ids()).toHaveLength(12);
  });

  it("a quantization changes the modules themselves", async () => {
    const { effective } = await loaded({ quantization: { quant_method: "bitsandbytes", load_in_8bit: true } });
    expect(effective["quantization"]).toMatchObject({ modules: { Linear8bitLt: 28 } });
    expect(effective["load"]).toMatchObject({ parameter_dtypes: { int8: 28 } });
  });

  it("keys that were not set are reported with what the engine took, and sections that were not used are absent", async () => {
    const { effective, devices } = await loaded({});
    expect(effective["load"]).toMatchObject({ dtype: "float32", attn_implementation: "sdpa" });
    expect(effective["generation"]).toMatchObject({ do_sample: false, num_beams: 1, use_cache: true });
    expect(effective["generation"]).not.toHaveProperty("max_length");
    expect(Object.keys(effective).toSorted()).toEqual(["generation", "load", "tokenizer"]);
    expect(devices).toHaveLength(1);
  });

  it("an adapter changes the output, and gives the same one merged or not", async () => {
    await loaded({});
    const plain = await ids();
    const beside = await loaded({ adapter: { model_id: adapter } });
    expect(beside.effective["adapter"]).toMatchObject({ peft_type: "LORA", r: 4, merge: false, adapted_modules: 8 });
    const adapted = await ids();
    const merged = await loaded({ adapter: { model_id: adapter, merge: true } });
    expect(merged.effective["adapter"]).toMatchObject({ r: 4, merge: true, adapted_modules: 0 });
    expect(adapted).not.toEqual(plain);
    expect(await ids()).toEqual(adapted);
  });

  it("a whole float stays a float, which the engine tells from an integer", async () => {
    const float = await loaded({ generation: { repetition_penalty: { $py: "float", value: "2.0" } } });
    expect(float.effective["generation"]).toMatchObject({ repetition_penalty: 2 });
    expect(await ids()).toHaveLength(12);
    await loaded({ generation: { repetition_penalty: 2 } });
    await expect(ids()).rejects.toMatchObject({ code: "worker.failed" });
  });

  it("sampling follows the seed of the run", async () => {
    await loaded({ generation: { do_sample: true, temperature: { $py: "float", value: "2.0" } } });
    const draw = async (seed: number): Promise<readonly number[] | undefined> =>
      (await runGroups(session, [[{ r: 0, tokens: [50], output_tokens: 16 }]], { seed })).answers[0]?.ids;
    const first = await draw(1);
    expect(await draw(1)).toEqual(first);
    expect(await draw(2)).not.toEqual(first);
  });
});
