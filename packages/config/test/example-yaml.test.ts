import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exampleExperimentYaml } from "../src/index.ts";
import { listFields } from "../src/schema/fields.ts";
import { check, load } from "./support/project.ts";

it("the example passes the check and resolves to the defaults", async () => {
  const example = await check(exampleExperimentYaml());
  expect(example.problems).toEqual([]);
  expect(example.resolution?.id).toBe((await check("schema_version: 1\n")).resolution?.id);
});

it("the example names every field of lem's own", () => {
  const own = listFields().filter(({ path }) => !/^(?:transformers|vllm|tensorrt-llm|llama-cpp|sweep)/.test(path));
  const keys = new Set([...exampleExperimentYaml().matchAll(/^\s*(?:# )?([a-z_]+):/gm)].map(([, key]) => key));
  expect(own.map(({ path }) => path.split(".").at(-1)).filter((key) => !keys.has(key))).toEqual([]);
});

it.each(
  [...exampleExperimentYaml().matchAll(/^( *)# ([a-z_]+: \S.*)$/gm)]
    .map(([line]) => line.trim())
    .filter((line) => !line.includes("extends") && !line.includes("trace")),
)("what is behind the # may be used: %s", async (line) => {
  const used = exampleExperimentYaml().replace(line, line.slice(2));
  const text = line.includes("max_batch_tokens") ? used.replace("batching: static", "batching: dynamic") : used;
  expect((await check(text)).problems).toEqual([]);
});

const EXAMPLES = join(import.meta.dirname, "..", "..", "..", "examples");

it.each(readdirSync(EXAMPLES).filter((file) => file.endsWith(".yaml")))(
  "examples/%s passes the check",
  async (file) => {
    const { problems } = await load(EXAMPLES, file);
    expect(problems).toEqual([]);
  },
);
