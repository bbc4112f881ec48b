import { describe, expect, it } from "vitest";
import { check, codes, places } from "../support/project.ts";

const set = (...assignments: string[]): { readonly flags: { readonly set: readonly string[] } } => ({
  flags: { set: assignments },
});

describe("--set", () => {
  it("reads its value as YAML; the later one wins", async () => {
    const { resolution, problems } = await check(
      "model: m\n",
      set("workload.n=4", "workload.n=5", "workload.prompts={file: a.jsonl, field: q}", "name='7'"),
    );
    expect(problems).toEqual([]);
    expect(resolution?.experiment).toMatchObject({
      name: "7",
      workload: { n: 5, prompts: { path: "a.jsonl", field: "q" } },
    });
  });

  it("keeps what follows the first = sign", async () => {
    const { resolution } = await check("model: m\n", set("model=org/name@a=b"));
    expect(resolution?.experiment.model).toBe("org/name@a=b");
  });

  it.each([["workload.n"], ["=3"], ["workload..n=3"], [".n=3"], [""], ["workload.n=[1"], ["workload.n=a: b: c"]])(
    "refuses %j as no PATH=VALUE",
    async (text) => {
      expect(codes(await check("model: m\n", set(text)))).toEqual(["config.set-syntax"]);
    },
  );

  it("refuses a path that does not exist and names the nearest", async () => {
    const { problems, resolution } = await check("model: m\n", set("workload.outptu_tokens=3"));
    expect(resolution).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: "config.set-path",
        path: "workload.outptu_tokens",
        file: null,
        line: null,
        hint: "did you mean output_tokens?",
      },
    ]);
  });

  it("refuses a native parameter that does not exist", async () => {
    const outcome = await check("engine: transformers\n", set("transformers.generation.temprature=0.5"));
    expect(outcome.problems).toMatchObject([{ code: "config.set-path", hint: "did you mean temperature?" }]);
  });

  it("refuses extends: there is no file that it could be relative to", async () => {
    expect(codes(await check("model: m\n", set("extends=a.yaml")))).toEqual(["config.set-path"]);
  });

  it("has no line in the file even when the file holds the section", async () => {
    const outcome = await check("workload:\n  n: 1\n", set("workload.seed=abc", "workload.batch_size=0"));
    expect(places(outcome)).toEqual(["- config.out-of-range workload.batch_size", "- config.wrong-type workload.seed"]);
  });
});

it("--engine and --model win over the file", async () => {
  const { resolution } = await check("engine: vllm\nmodel: m\n", { flags: { engine: "llama-cpp", model: "x" } });
  expect(resolution?.experiment).toMatchObject({ engine: "llama-cpp", model: "x" });
  expect(resolution?.provenance).toMatchObject({ engine: "flag", model: "flag", "workload.n": "default" });
});

it("an unknown --engine is refused with the list", async () => {
  expect((await check("model: m\n", { flags: { engine: "vlm" } })).problems).toMatchObject([
    { code: "engine.unknown", file: null, hint: "did you mean vllm?" },
  ]);
});
