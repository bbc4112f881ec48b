import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadParameterSchema } from "@lem/config";
import { ENGINE_IDS } from "@lem/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../src/run-cli.ts";
import { captureIo } from "../capture-io.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-params-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function lem(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo({ cwd: folder, env: process.env });
  const code = await runCli(argv, io);
  return { code, out: io.out(), err: io.err() };
}

interface Listed {
  readonly engine_version: string;
  readonly parameters: readonly {
    readonly path: string;
    readonly bounds: string;
    readonly classes: readonly string[];
    readonly description_sha256?: string;
    readonly effect: {
      readonly energy: string;
      readonly throughput: string;
      readonly pairs: readonly { first_id: string; second_id: string; first?: unknown; second?: unknown }[];
    };
  }[];
}

const listed = async (...argv: string[]): Promise<Listed> =>
  JSON.parse((await lem("engines", "params", ...argv, "--json")).out) as Listed;

const known = ENGINE_IDS.filter((engine) => loadParameterSchema(engine).status !== "missing");

describe("lem engines params", () => {
  it("tells how many parameters of each engine are known", async () => {
    const { code, out } = await lem("engines", "params");
    expect(code).toBe(0);
    for (const engine of known) expect(out).toMatch(new RegExp(`^${engine} +\\S+ +\\d+ +\\d+ +\\d+ +\\d+ `, "m"));
  });

  it.each(known)("lists every key of every section of %s, and the names that are left out", async (engine) => {
    const found = loadParameterSchema(engine);
    if (found.status === "missing") throw new Error("no schema");
    const { sections, left_out: leftOut } = found.schema;
    const names = Object.entries(sections).flatMap(([section, { properties }]) =>
      [...Object.keys(properties as object), ...Object.keys(leftOut[section] ?? {})].map(
        (name) => `${engine}.${section}.${name}`,
      ),
    );
    const { parameters, engine_version } = await listed(engine);
    expect(engine_version).toBe(found.version);
    expect(parameters.map(({ path }) => path).toSorted()).toEqual(names.toSorted());
  });

  it("shows one parameter with bounds, class, rules and the hash of its description", async () => {
    const { out } = await lem("engines", "params", "vllm", "sampling.top_p", "--engine-version", "0.32.0");
    expect(out).toMatch(/^vllm 0\.32\.0\nvllm\.sampling\.top_p\n/);
    expect(out).toMatch(/bounds +> 0, <= 1/);
    expect(out).toMatch(/class +vllm\.SamplingParams/);
    expect(out).toMatch(/description +sha256 [0-9a-f]{64}/);
    expect(out).toMatch(/error vllm\.SamplingParams\.top_p\.error-/);
    expect(out).toMatch(/effect +unknown/);
  });

  it("lists a section or a class, and suggests a name that is near", async () => {
    const section = await listed("transformers", "generation");
    expect(section.parameters.every(({ path }) => path.startsWith("transformers.generation."))).toBe(true);
    const cls = await listed("transformers", "BitsAndBytesConfig");
    expect(cls.parameters.map(({ path }) => path)).toContain("transformers.BitsAndBytesConfig.load_in_4bit");
    const { code, err } = await lem("engines", "params", "transformers", "num_beam");
    expect([code, err]).toEqual([2, expect.stringContaining("did you mean num_beams?")]);
  });

  it("says aloud that there is no schema of a version", async () => {
    const { code, err } = await lem("engines", "params", "vllm", "top_p", "--engine-version", "0.31.9");
    expect(code).toBe(0);
    expect(err).toMatch(/warning: there is no schema of vllm 0\.31\.9: that of \S+ is used/);
  });
});

describe("effects", () => {
  let ran: { code: number; err: string };
  beforeAll(async () => {
    writeFileSync(
      join(folder, "audit.yaml"),
      `engine: llama-cpp
model: builtin:tiny
workload: { n: 2, output_tokens: 8, input_tokens: 16 }
measurement: { windows: 1 }
sweep:
  experiments:
    - { llama-cpp.context.batchSize: 64 }
    - { llama-cpp.context.batchSize: 32 }
    - { llama-cpp.context.batchSize: 32, llama-cpp.context.swaFullCache: true }
execution: { cycles: 2, gap: 0 }
`,
    );
    ran = await lem("run", "audit.yaml", "--yes");
  }, 120_000);

  it("are told by the identifiers of pairs that differ in one parameter alone, else unknown", async () => {
    expect([ran.code, ran.err]).toEqual([0, expect.anything()]);
    const { parameters } = await listed("llama-cpp", "--results", "results");
    const effectOf = (name: string) => parameters.find(({ path }) => path === `llama-cpp.context.${name}`)?.effect;
    const batch = effectOf("batchSize");
    expect(batch?.pairs).toHaveLength(1);
    expect(new Set([batch?.pairs[0]?.first, batch?.pairs[0]?.second])).toEqual(new Set([32, 64]));
    expect(effectOf("swaFullCache")?.pairs[0]).toMatchObject({ second: true });
    expect(batch?.throughput).toMatch(/^(moves|not-distinguishable)$/);
    expect(effectOf("flashAttention")).toEqual({ energy: "unknown", throughput: "unknown", pairs: [] });
    const ids = batch?.pairs.map(({ first_id: id }) => id) ?? [];
    const { out } = await lem("engines", "params", "llama-cpp", "batchSize", "--results", "results");
    expect(out).toMatch(new RegExp(`effect +.*tokens/s .*\\(${ids[0]} → `));
    const every = JSON.parse((await lem("engines", "params", "--results", "results", "--json")).out) as {
      effects: { path: string }[];
    };
    expect(every.effects.map(({ path }) => path)).toEqual([
      "llama-cpp.context.batchSize",
      "llama-cpp.context.swaFullCache",
    ]);
  });

  it("are unknown where no two experiments differ in one parameter alone", async () => {
    const alone = join(folder, "results", readdirSync(join(folder, "results"))[0] ?? "", "experiments");
    const { code, out } = await lem("engines", "params", "--results", join(alone, readdirSync(alone)[0] ?? ""));
    expect([code, out]).toEqual([0, expect.stringContaining("every effect is unknown")]);
  });
});

describe.each(known)("lem config init --engine %s", (engine) => {
  it.each(["", "--all"])("writes what lem check accepts as written %s", async (flag) => {
    const file = `${engine}${flag}.yaml`;
    const flags = ["--engine", engine, ...(flag === "" ? [] : [flag])];
    expect((await lem("config", "init", ...flags, file)).out).toContain(`${file} written`);
    const { code, out, err } = await lem("check", file);
    expect([code, out, err]).toEqual([0, `${file}: no problems\n`, ""]);
  });
});
