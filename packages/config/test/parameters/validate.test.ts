import { describe, expect, it } from "vitest";
import { check, places } from "../support/project.ts";

const native = (section: string, text: string) =>
  check(`engine: transformers\ntransformers:\n  ${section}:\n    ${text}\n`);

describe("native parameters", () => {
  it("are all checked at once, each at its place", async () => {
    const outcome = await check(
      [
        "engine: transformers",
        "transformers:",
        "  load:",
        "    attn_implementation: sdap",
        "    max_shards: 9",
        "  generation:",
        "    temprature: 0.7",
        "    temperature: 0.0",
        "    num_beams: 2.0",
        "    top_k: [1]",
        "    do_sample: yes",
        "    eos_token_id: [1, x]",
        "  adapter: {adapter_name: a}",
      ].join("\n"),
    );
    expect(places(outcome)).toEqual([
      "4:26 config.not-allowed transformers.load.attn_implementation",
      "5:17 config.out-of-range transformers.load.max_shards",
      "7:5 config.unknown-key transformers.generation.temprature",
      "8:18 config.out-of-range transformers.generation.temperature",
      "9:16 config.wrong-type transformers.generation.num_beams",
      "10:12 config.wrong-type transformers.generation.top_k",
      "11:16 config.wrong-type transformers.generation.do_sample",
      "12:23 config.wrong-type transformers.generation.eos_token_id.1",
      "13:12 config.missing-key transformers.adapter.model_id",
    ]);
  });

  it.each([
    ["temprature: 0.7", "did you mean temperature?"],
    ["num_beams: 2.0", "write 2, without a fraction: the engine tells 1 from 1.0"],
    ["cache_implementation: statik", "did you mean static?"],
  ])("%s: %s", async (text, hint) => {
    expect((await native("generation", text)).problems).toMatchObject([{ hint }]);
  });

  it.each([
    ["top_k: 50"],
    ["top_k: null"],
    ["temperature: 1"],
    ["temperature: 1.0"],
    ["top_p: 1.0"],
    ["eos_token_id: 2"],
    ["eos_token_id: [2, 3]"],
    ["cache_implementation: dynamic"],
  ])("%s is accepted", async (text) => {
    expect((await native("generation", text)).problems).toEqual([]);
  });

  it.each([["top_k: 50.0"], ["eos_token_id: 2.0"], ["eos_token_id: [2, 3.0]"]])(
    "%s is refused: a float is no integer in Python",
    async (text) => {
      expect((await native("generation", text)).problems.map(({ code }) => code)).toEqual(["config.wrong-type"]);
    },
  );

  it("of a preset are reported at the preset's place", async () => {
    const outcome = await check("engine: transformers\npreset: standard\n", { engineVersion: "5.9.0" });
    expect(new Set(places(outcome).map((place) => place.split(" ").slice(0, 2).join(" ")))).toEqual(
      new Set(["2:9 config.unknown-key"]),
    );
  });
});
