import fc from "fast-check";
import { expect, it } from "vitest";
import { hasErrors, loadStudy } from "../../src/index.ts";
import { project } from "../support/project.ts";

const scalar = fc.oneof(
  fc.constantFrom(0, 1, -1, 1.5, 1e9, true, null, "", "x", "vllm", "pytorch", "workload.n", "1.0"),
  fc.integer({ min: -3, max: 5 }),
);
const key = fc.constantFrom(
  "axes",
  "groups",
  "experiments",
  "sample",
  "n",
  "seed",
  "values",
  "min",
  "max",
  "num",
  "step",
  "scale",
  "when",
  "fields",
  "engine",
  "preset",
  "model",
  "workload",
  "workload.n",
  "workload.lengths",
  "vllm.sampling.top_p",
  "vllm",
  "transformers.generation.num_beams",
  "transformers.extra.generation.x",
  "sweep",
  "execution",
  "a..b",
  ".",
  "name",
);
const { node } = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    scalar,
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(key, tie("node"), { maxKeys: 4 }),
  ),
}));

const axisName = fc.constantFrom(
  "workload.n",
  "workload.batch_size",
  "workload.lengths",
  "engine",
  "preset",
  "model",
  "measurement.warmup",
  "vllm.sampling.top_p",
  "llama-cpp.sampling.topK",
  "transformers.generation.num_beams",
);
const oddName = fc.constantFrom("workload", "vllm.engine", "vllm.extra.sampling.y", "foo", "name", "a.", "vllm");
const few = { minLength: 1, maxLength: 3 };
const axis = fc.oneof(
  { weight: 6, arbitrary: fc.array(scalar, few) },
  { weight: 1, arbitrary: fc.array(node, few) },
  { weight: 1, arbitrary: node },
);
const fields = fc.dictionary(fc.oneof({ weight: 9, arbitrary: axisName }, oddName), fc.oneof(scalar, node), {
  maxKeys: 2,
});
const sweep = fc.oneof(
  { weight: 1, arbitrary: node },
  {
    weight: 9,
    arbitrary: fc.record(
      {
        axes: fc.dictionary(fc.oneof({ weight: 19, arbitrary: axisName }, oddName), axis, { maxKeys: 2 }),
        groups: fc.dictionary(fc.constantFrom("g", "h"), fc.array(fields, few), { maxKeys: 1 }),
        experiments: fc.array(fields, { maxLength: 2 }),
        sample: fc.oneof({ weight: 9, arbitrary: fc.constant({ n: 2 }) }, node),
      },
      { requiredKeys: [] },
    ),
  },
);

it("whatever stands in a sweep or in execution, it is problems or points, never a crash", async () => {
  let studies = 0;
  await fc.assert(
    fc.asyncProperty(
      sweep,
      fc.option(node),
      fc.constantFrom("vllm", "llama-cpp", "transformers"),
      async (drawn, execution, engine) => {
        const text = JSON.stringify({
          engine,
          model: "builtin:tiny",
          sweep: drawn,
          ...(execution === null ? {} : { execution }),
        });
        const { study, problems } = await loadStudy({ cwd: project({ "s.yaml": text }), file: "s.yaml" });
        expect(study === undefined).toBe(hasErrors(problems));
        let points = 0;
        study?.walk({
          onPoint: () => void (points += 1),
          onRefused: (_, count, { problem }) => {
            points += count;
            expect(problem().message).not.toBe("");
          },
        });
        expect(points).toBe(study?.declared ?? 0);
        studies += Number(study !== undefined);
      },
    ),
    { numRuns: 300, seed: 9 },
  );
  expect(studies).toBeGreaterThan(20);
}, 120_000);

it("campaigns of any content are problems or points too", async () => {
  const marks = fc.constantFrom(
    "campaign_name",
    "configs",
    "base_config",
    "vary",
    "study_name",
    "study_execution",
    "task",
    "experiments",
    "sweep",
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(marks, node, { minKeys: 1, maxKeys: 4 }), async (drawn) => {
      const { study, problems } = await loadStudy({
        cwd: project({ "s.yaml": JSON.stringify(drawn) }),
        file: "s.yaml",
      });
      expect(study === undefined).toBe(hasErrors(problems));
    }),
    { numRuns: 200, seed: 9 },
  );
}, 120_000);
