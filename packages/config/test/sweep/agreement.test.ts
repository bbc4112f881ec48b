import fc from "fast-check";
import { expect, it } from "vitest";
import { hasErrors, loadStudy, type Study as OpenStudy } from "../../src/index.ts";
import { project } from "../support/project.ts";

/** Fields with values that are fine, refused or changed, of three engines. */
const AXES: readonly (readonly [string, readonly string[]])[] = [
  ["preset", ["deterministic", "standard", "creative"]],
  ["workload.batch_size", ["1", "4", "0"]],
  ["workload.concurrency", ["1", "2"]],
  ["workload.pin_output", ["true", "false"]],
  ["workload.batching", ["static", "dynamic"]],
  ["workload.max_batch_tokens", ["8", "4096"]],
  ["workload.lengths", ["32", "{kind: uniform, min: 4, max: 64}", "16"]],
  ["measurement.warmup.min_runs", ["1", "30"]],
  ["measurement.warmup", ["{enabled: false}", "{max_runs: 2}"]],
  ["transformers.generation.do_sample", ["true", "false", "1"]],
  ["transformers.generation.num_beams", ["1", "2", "4", "0"]],
  ["transformers.generation.num_return_sequences", ["1", "2", "4"]],
  ["transformers.generation.temperature", ["0.0", "0.7", "1", "-1.0"]],
  ["transformers.generation.stop_strings", ["[a]", "null"]],
  ["transformers.load.dtype", ["float16", "float32"]],
  ["transformers.quantization.quant_method", ["bitsandbytes", "gptq"]],
  ["transformers.quantization.bits", ["4", "5"]],
  ["vllm.sampling.temperature", ["0.0", "0.001", "1.0", "-2.0"]],
  ["vllm.sampling.top_p", ["0.5", "1.0", "1.5"]],
  ["vllm.sampling.top_k", ["0", "5", "-3"]],
  ["vllm.sampling.n", ["1", "2"]],
  ["vllm.engine.max_num_seqs", ["1", "64"]],
  ["vllm.extra.sampling.unheard_of", ["1"]],
  ["llama-cpp.sampling.temperature", ["0", "0.8"]],
  ["llama-cpp.context.batchSize", ["64", "0"]],
];

const FIXED: readonly string[] = [
  "vllm: {sampling: {temperature: 0.0}}",
  "transformers: {generation: {do_sample: true, num_beams: 2}}",
  "workload: {n: 3, output_tokens: 16}",
  "llama-cpp: {sampling: {topK: 3}}",
];

const ENGINES = ["transformers", "vllm", "llama-cpp"];

const axisOf = (engines: readonly string[]): fc.Arbitrary<readonly [string, readonly string[], boolean]> =>
  fc
    .constantFrom(...AXES.filter(([name]) => ENGINES.every((each) => engines.includes(each) || !name.startsWith(each))))
    .chain(([name, values]) =>
      fc.tuple(
        fc.constant(name),
        fc.shuffledSubarray([...values], {
          minLength: Math.min(values.length, 2),
          maxLength: Math.min(values.length, 3),
        }),
        fc.boolean(),
      ),
    );

const study = fc.subarray(ENGINES, { minLength: 1 }).chain((engines) =>
  fc.record({
    engines: fc.constant(engines),
    fixed: fc.subarray([...FIXED], { maxLength: 2 }),
    axes: fc.uniqueArray(axisOf(engines), { minLength: 3, maxLength: 6, selector: ([name]) => name }),
    grouped: fc.boolean(),
    sample: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined, freq: 8 }),
  }),
);

type Study = typeof study extends fc.Arbitrary<infer T> ? T : never;

function yamlOf({ engines, fixed, axes, grouped, sample }: Study): string {
  const group = grouped ? axes[0] : undefined;
  const listed = axes
    .filter((axis) => axis !== group)
    .map(([name, values, conditional]) =>
      conditional && name !== "preset"
        ? `    ${name}: {values: [${values.join(", ")}], when: {workload.n: [3, null]}}`
        : `    ${name}: [${values.join(", ")}]`,
    );
  return [
    ...fixed.filter((line) => ENGINES.every((each) => engines.includes(each) || !line.startsWith(each))),
    "sweep:",
    "  axes:",
    `    engine: [${engines.join(", ")}]`,
    ...listed,
    ...(group === undefined ? [] : ["  groups:", `    g: [{}, {${group[0]}: [${group[1].join(", ")}]}]`]),
    ...(sample === undefined ? [] : [`  sample: {n: ${sample}}`]),
    "",
  ].join("\n");
}

type Outcome = readonly [id: string, effectiveId: string] | "refused" | "not drawn";

/** What the walk says of each point, refused ones by their count only. */
function walked(opened: OpenStudy): { readonly outcomes: readonly Outcome[]; readonly refused: number } {
  const outcomes = Array.from({ length: opened.size }, (): Outcome => "not drawn");
  let refused = 0;
  opened.walk({
    onPoint: (index, { id, effectiveId }) => (outcomes[index] = [id, effectiveId]),
    onRefused: (index, points, { problem }) => {
      refused += points;
      if (opened.size === opened.declared) outcomes.fill("refused", index, index + points);
      expect(problem().severity).toBe("error");
    },
  });
  return { outcomes, refused };
}

const alone = (opened: OpenStudy, index: number): Promise<Outcome> =>
  opened.resolveAt(index).then(
    ({ id, effective_id: effectiveId }): Outcome => [id, effectiveId],
    (): Outcome => "refused",
  );

it("expansion with pruning says of each point what resolving it alone says", async () => {
  let [runs, refusals] = [0, 0];
  await fc.assert(
    fc.asyncProperty(study, async (drawn) => {
      const loaded = await loadStudy({ cwd: project({ "study.yaml": yamlOf(drawn) }), file: "study.yaml" });
      expect(loaded.study === undefined).toBe(hasErrors(loaded.problems));
      if (loaded.study === undefined) return;
      const { outcomes, refused } = walked(loaded.study);
      const ran = outcomes.filter((outcome) => typeof outcome === "object").length;
      expect(ran + refused).toBe(loaded.study.declared);
      const drawnOnes = [...outcomes.entries()].filter(([, outcome]) => outcome !== "not drawn");
      for (const [index, outcome] of drawnOnes) expect(outcome).toEqual(await alone(loaded.study, index));
      runs += ran;
      refusals += refused;
    }),
    { numRuns: 150, seed: 6 },
  );
  expect([runs > 100, refusals > 150], `${runs} ran, ${refusals} refused`).toEqual([true, true]);
}, 120_000);
