import { ENGINE_IDS } from "@lem/domain";
import { expect, it } from "vitest";
import { runCli } from "../../src/run-cli.ts";
import { captureIo } from "../capture-io.ts";

interface Listed {
  readonly id: string;
  readonly engine: string;
  readonly engine_version: string;
  readonly entry: string;
  readonly severity: string;
  readonly fields: readonly string[];
}

async function lem(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo();
  const code = await runCli(["invariants", ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

async function listed(...argv: readonly string[]): Promise<readonly Listed[]> {
  const { code, out, err } = await lem("list", "--json", ...argv);
  expect(code, err).toBe(0);
  return (JSON.parse(out) as { rules: Listed[] }).rules;
}

it("lists the rules of all engines, of one, of one class, of one version", async () => {
  const all = await listed();
  const engines = new Set(all.map(({ engine }) => engine));
  expect([...engines].toSorted()).toEqual(ENGINE_IDS.toSorted());
  const vllm = await listed("--engine", "vllm");
  expect(vllm).toEqual(all.filter(({ engine }) => engine === "vllm"));
  const sampling = await listed("vllm.SamplingParams");
  expect(sampling.length).toBeGreaterThan(20);
  expect(sampling.every(({ entry }) => entry === "vllm.SamplingParams")).toBe(true);
  const older = await listed("--engine", "transformers", "--engine-version", "4.57.6");
  expect(new Set(older.map(({ engine_version }) => engine_version))).toEqual(new Set(["4.57.6"]));
});

it("prints a table, a line a rule", async () => {
  const rules = await listed("vllm.SamplingParams");
  const { out } = await lem("list", "vllm.SamplingParams");
  for (const { id } of rules) expect(out).toContain(id);
});

it("explains rules of every kind and class", { timeout: 60_000 }, async () => {
  const kinds = Map.groupBy(await listed(), ({ entry, severity }) => `${entry} ${severity}`);
  for (const { id, engine, fields } of [...kinds.values()].flatMap((each) => each.slice(0, 2))) {
    const { code, out, err } = await lem("explain", id, "--engine", engine);
    expect(code, err).toBe(0);
    expect(out).toContain(id);
    for (const field of fields) expect(out).toContain(field);
  }
});

it("explains a rule to a program, with its condition in three forms", async () => {
  const [first] = await listed("vllm.SamplingParams");
  const { out } = await lem("explain", first?.id ?? "", "--json");
  expect(JSON.parse(out)).toMatchObject({
    ...first,
    when: expect.anything() as unknown,
    words: expect.any(String) as string,
    python: expect.any(String) as string,
    evidence: expect.anything() as unknown,
    added_by: expect.any(String) as string,
  });
});

it("says which rule was meant, and what there is none of", async () => {
  const [first] = await listed("vllm.SamplingParams");
  const missing = await lem("explain", `${first?.id}0`);
  expect(missing.code).toBe(2);
  expect(missing.err).toContain("config.rule-unknown");
  expect(missing.err).toContain(`did you mean ${first?.id}?`);
  expect((await lem("list", "vllm.Nothing")).err).toContain("config.corpus-missing");
  expect((await lem("list", "--engine", "vlm")).err).toContain("engine.unknown");
  const other = await lem("list", "--engine", "vllm", "--engine-version", "0.31.0");
  expect(other.code).toBe(0);
  expect(other.err).toContain("0.31.0");
});
