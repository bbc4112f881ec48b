import type { Origin } from "@lem/domain";
import fc from "fast-check";
import { expect, it } from "vitest";
import { loadExperiment, type LoadOptions, type Resolution, type ResolvedExperiment } from "../src/index.ts";
import { CORPORA, present, project } from "./support/project.ts";

/** The layers a user can write a plain field in, the strongest first. */
const LAYERS = ["flag", "file", "base", "user-file"] as const;

const FIELDS = [
  "workload.n",
  "workload.batch_size",
  "workload.seed",
  "measurement.windows",
  "measurement.warmup.max_runs",
  "llama-cpp.sampling.topK",
  "llama-cpp.context.threads",
] as const;
type Field = (typeof FIELDS)[number];

/** Which layers write a field, each with another value. */
const written = fc.record(
  Object.fromEntries(FIELDS.map((field) => [field, fc.uniqueArray(fc.constantFrom(...LAYERS))])) as Record<
    Field,
    fc.Arbitrary<(typeof LAYERS)[number][]>
  >,
);

const VALUE: Readonly<Record<(typeof LAYERS)[number], number>> = { flag: 11, file: 22, base: 33, "user-file": 44 };
const PRESET_TOP_K = 0;

function yamlOf(layer: (typeof LAYERS)[number], fields: Readonly<Record<Field, readonly string[]>>): string {
  const tree: Record<string, unknown> = {};
  for (const field of FIELDS.filter((name) => fields[name].includes(layer))) {
    const path = field.split(".");
    const parent = path
      .slice(0, -1)
      .reduce<Record<string, unknown>>((node, key) => (node[key] ??= {}) as Record<string, unknown>, tree);
    parent[path.at(-1) ?? ""] = VALUE[layer];
  }
  return JSON.stringify({ preset: "standard", ...tree });
}

interface Expected {
  readonly origin: Origin | undefined;
  readonly value: unknown;
}

/** The strongest layer that writes a field; the preset stands between base and user file; native parameters have no default. */
function expected(field: Field, layers: readonly string[], defaults: ResolvedExperiment): Expected {
  const strongest = LAYERS.find((layer) => layers.includes(layer));
  const preset = field === "llama-cpp.sampling.topK" && (strongest === undefined || strongest === "user-file");
  if (preset) return { origin: "preset", value: PRESET_TOP_K };
  if (strongest !== undefined) return { origin: strongest, value: VALUE[strongest] };
  return { origin: field.startsWith("llama-cpp.") ? undefined : "default", value: valueAt(defaults, field) };
}

function valueAt(experiment: ResolvedExperiment, field: Field): unknown {
  const path = field.replace("llama-cpp.", "sections.").split(".");
  return path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], experiment);
}

async function resolved(options: Partial<LoadOptions>): Promise<Resolution> {
  const { resolution, problems } = await loadExperiment({ cwd: "/nowhere", corporaRoot: CORPORA, ...options });
  expect(problems).toEqual([]);
  return present(resolution);
}

it("the strongest layer wins in every combination, and its name is the origin", { timeout: 60_000 }, async () => {
  const { experiment: defaults } = await resolved({});
  await fc.assert(
    fc.asyncProperty(written, async (fields) => {
      const file = `${yamlOf("file", fields).slice(0, -1)}, "extends": "base.yaml"}`;
      const cwd = project({
        "base.yaml": yamlOf("base", fields),
        "user.yaml": yamlOf("user-file", fields),
        "main.yaml": file,
      });
      const set = FIELDS.filter((field) => fields[field].includes("flag")).map((field) => `${field}=${VALUE.flag}`);
      const { experiment, provenance } = await resolved({
        cwd,
        file: "main.yaml",
        userFile: "user.yaml",
        flags: { set },
      });
      const actual = FIELDS.map((field) => ({ field, origin: provenance[field], value: valueAt(experiment, field) }));
      expect(actual).toEqual(FIELDS.map((field) => ({ field, ...expected(field, fields[field], defaults) })));
    }),
    { seed: 20_261_122, numRuns: 60 },
  );
});

it("the same experiment has the same id under another name, from any mix of layers", async () => {
  const cwd = project({
    "a.yaml": "name: one\nmodel: m\nworkload: {n: 3}\n",
    "b.yaml": "name: two\nextends: base.yaml\n",
    "base.yaml": "model: m\n",
  });
  const id = async (file: string, set: readonly string[]): Promise<string | undefined> =>
    (await loadExperiment({ cwd, file, flags: { set }, corporaRoot: CORPORA })).resolution?.id;
  expect(await id("a.yaml", [])).toMatch(/^[0-9a-f]{12}$/);
  expect(await id("b.yaml", ["workload.n=3"])).toBe(await id("a.yaml", []));
  expect(await id("b.yaml", ["workload.n=4"])).not.toBe(await id("a.yaml", []));
});

it("1 and 1.0 are two experiments for an engine in Python", async () => {
  const text = (value: string): string => `engine: transformers\ntransformers: {generation: {temperature: ${value}}}\n`;
  const cwd = project({ "a.yaml": text("1"), "b.yaml": text("1.0") });
  const id = async (file: string): Promise<string | undefined> =>
    (await loadExperiment({ cwd, file, corporaRoot: CORPORA })).resolution?.id;
  expect(await id("a.yaml")).not.toBe(await id("b.yaml"));
});
