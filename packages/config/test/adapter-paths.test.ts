import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codes, load, places, project } from "./support/project.ts";

const adapter = (id: string): string => `engine: transformers\ntransformers:\n  adapter:\n    model_id: ${id}\n`;

describe("an adapter's path", () => {
  it.each([["../lora"], ["/etc"], ["sub/../../lora"]])("%s is refused: it leaves the project", async (id) => {
    expect(places(await load(project({ "a.yaml": adapter(id) }), "a.yaml"))).toEqual([
      "4:15 config.path-outside transformers.adapter.model_id",
    ]);
  });

  it("is refused behind a symbolic link", async () => {
    const outside = project({ "adapter_config.json": "{}" });
    const cwd = project({ "a.yaml": adapter("lora") });
    symlinkSync(outside, join(cwd, "lora"));
    expect(codes(await load(cwd, "a.yaml"))).toEqual(["config.path-outside"]);
  });

  it("is refused when it comes through extra or a flag", async () => {
    const cwd = project({
      "a.yaml": "engine: transformers\ntransformers: {extra: {adapter: {some_path: ../x}}}\n",
      "b.yaml": adapter("lora"),
    });
    expect(codes(await load(cwd, "a.yaml"))).toEqual(["config.path-outside"]);
    expect(codes(await load(cwd, "b.yaml", { flags: { set: ["transformers.adapter.model_id=../x"] } }))).toEqual([
      "config.path-outside",
    ]);
  });

  it("inside the project reaches the worker in full", async () => {
    const cwd = project({ "conf/a.yaml": adapter("../lora"), "lora/adapter_config.json": "{}" });
    expect((await load(cwd, "conf/a.yaml")).resolution?.experiment.sections["adapter"]).toEqual({
      model_id: join(cwd, "lora"),
    });
  });

  it.each([["lora"], ["./org/lora"], ["a/b/c"]])("%s is refused where nothing lies", async (id) => {
    const cwd = project({ "a.yaml": adapter(id) });
    expect(places(await load(cwd, "a.yaml"))).toEqual(["4:15 model.not-found transformers.adapter.model_id"]);
  });

  it("may be a hub id", async () => {
    const cwd = project({ "a.yaml": adapter("org/some-lora") });
    expect((await load(cwd, "a.yaml")).resolution?.experiment.sections["adapter"]).toEqual({
      model_id: "org/some-lora",
    });
  });
});
