import { expect, it } from "vitest";
import { CheckLines } from "../../src/corpus/check-lines.ts";
import { fixtureRules, rulesOf } from "./support.ts";

const open = async (): Promise<CheckLines> => new CheckLines({ rules: await fixtureRules(), profile: "cpu" });
const GENERATION = '"entry":"transformers.GenerationConfig"';

it("answers with id, verdict, profile, rules and effective values", async () => {
  const lines = await open();
  expect(JSON.parse(lines.answer(`{"id":1,${GENERATION},"set":{"max_new_tokens":0}}`))).toEqual({
    id: 1,
    verdict: "error",
    profile: "cpu",
    abstained: 0,
    effective: {},
    rules: [
      {
        id: "transformers.GenerationConfig.max_new_tokens.error-000002",
        severity: "error",
        fields: ["max_new_tokens", "early_stopping"],
      },
    ],
  });
  expect(lines.malformed).toBe(0);
});

it("tags effective values, and reads numbers as Python does", async () => {
  const lines = await open();
  const effective = (set: string): unknown =>
    (JSON.parse(lines.answer(`{${GENERATION},"set":${set}}`)) as { effective: unknown }).effective;
  expect(effective('{"num_assistant_tokens":true,"guidance_scale":1.0}')).toEqual({
    num_assistant_tokens: 1,
    guidance_scale: null,
  });
  expect(effective('{"num_assistant_tokens":1,"guidance_scale":1e1}')).toEqual({});
});

it("names the profile that was asked for", async () => {
  const answer = (await open()).answer(`{${GENERATION},"profile":"cuda-sm90","set":{"compile_config":{}}}`);
  expect(JSON.parse(answer)).toMatchObject({ id: null, profile: "cuda-sm90", abstained: 1, verdict: "ok" });
});

it.each([["7"], ["1.5"], ['"a"'], ["null"], ["[1,{}]"], ["9007199254740993"]])("gives the id back: %s", async (id) => {
  const { id: answered } = JSON.parse((await open()).answer(`{"id":${id},${GENERATION}}`)) as { id: unknown };
  expect(answered).toEqual(JSON.parse(id));
});

it.each([
  ["junk", "config.syntax", null],
  ["", "config.syntax", null],
  ["[]", "config.wrong-type", null],
  ['{"id":3}', "config.missing-key", 3],
  [`{"id":3,${GENERATION},"set":[]}`, "config.wrong-type", 3],
  [`{"id":3,${GENERATION},"set":1.5}`, "config.wrong-type", 3],
  [`{"id":3,${GENERATION},"profile":1}`, "config.wrong-type", 3],
  [`{"id":3,${GENERATION},"set":{"a":{"$py":"no such type","value":1}}}`, "config.wrong-type", 3],
])("answers a line that holds no configuration: %s", async (line, code, id) => {
  const lines = await open();
  expect(JSON.parse(lines.answer(line))).toMatchObject({ id, verdict: "unsupported", rules: [], problem: { code } });
  expect(lines.malformed).toBe(1);
});

it("says in every answer that the rules are another version's", async () => {
  const lines = new CheckLines({ rules: await fixtureRules(), profile: "cpu", otherVersion: "5.23.0" });
  expect(JSON.parse(lines.answer(`{${GENERATION}}`))).toMatchObject({ verdict: "ok", engine_version: "5.23.0" });
});

it("does not pass damaged rules off as a bad line", () => {
  const lines = new CheckLines({ rules: rulesOf({ required: 1 as never }), profile: "cpu" });
  expect(() => lines.answer('{"entry":"x.C"}')).toThrow(/damaged/);
});
