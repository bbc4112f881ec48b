import { expect, it } from "vitest";
import { told } from "./support.ts";

/** The real rules: the class of these sections takes no unknown keywords. */
const STUDY = `engine: vllm
sweep:
  axes:
    vllm.extra.sampling.of_another_build: [1, 2]
    vllm.extra.sampling.top_p: [0.5, 1.5]
`;

it("keys of extra that a class does not know are passed on at every point; known ones are judged", async () => {
  const { study, points, refused } = await told(STUDY);
  expect(points.map(({ label }) => label)).toEqual(["of_another_build=1 top_p=0.5", "of_another_build=2 top_p=0.5"]);
  expect(refused.map(({ rule }) => rule.startsWith("vllm.SamplingParams.top_p."))).toEqual([true, true]);
  const { experiment } = await study.resolveAt(points[1]?.index ?? -1);
  expect(experiment.sections).toEqual({ sampling: { of_another_build: 2, top_p: 0.5 } });
  expect(experiment.unchecked).toEqual(["vllm.sampling.of_another_build", "vllm.sampling.top_p"]);
});
