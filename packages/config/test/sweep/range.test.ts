import { expect, it } from "vitest";
import { labels, studyOf } from "./support.ts";
import { codes } from "../support/project.ts";

const axis = (range: string): string =>
  `model: builtin:tiny\nsweep:\n  axes:\n    llama-cpp.sampling.temperature: ${range}\n`;

const values = async (range: string): Promise<readonly string[]> =>
  (await labels(axis(range))).map((label) => label.replace("temperature=", ""));

it.each([
  ["{min: 1, max: 10, num: 4}", "1 4 7 10"],
  ["{min: 1, max: 3, num: 5}", "1 2 3"],
  ["{min: 1.0, max: 2.0, num: 3}", "1.0 1.5 2.0"],
  ["{min: 0.1, max: 0.3, step: 0.1}", "0.1 0.2 0.3"],
  ["{min: 1, max: 1000, num: 4, scale: log}", "1 10 100 1000"],
  ["{min: 0.01, max: 1.0, num: 3, scale: log}", "0.01 0.1 1.0"],
  ["{min: 1, max: 64, scale: pow2}", "1 2 4 8 16 32 64"],
  ["{min: 3, max: 20, scale: pow2}", "4 8 16"],
  ["{min: 5, max: 5, num: 1}", "5"],
  ["[1, 2.0, 0.5]", "1 2.0 0.5"],
  ["{values: [1, 2]}", "1 2"],
])("%s is %s", async (range, expected) => {
  expect((await values(range)).join(" ")).toBe(expected);
});

it.each([
  "{min: 4, max: 1, num: 2}",
  "{min: 0, max: 8, scale: pow2}",
  "{min: 0.0, max: 1.0, num: 3, scale: log}",
  "{min: 1, max: 8}",
  "{min: 1, max: 8, num: 3, scale: pow2}",
  "{max: 8, num: 3}",
  "{values: [1], min: 1, max: 2}",
  "{min: 0.0, max: 1.0, step: 0.000001}",
])("%s is refused, at its place", async (range) => {
  const { problems, study } = await studyOf(axis(range));
  expect(study).toBeUndefined();
  expect(problems.map(({ code, line }) => [code, line])).toEqual([["config.conflict", 4]]);
});

it.each(["{min: a, max: 2, num: 2}", "3", "[]", "{min: 1, max: 2, nun: 2}"])("%s is no axis", async (range) => {
  const { problems } = await studyOf(axis(range));
  expect(codes({ problems }).every((code) => code.startsWith("config."))).toBe(true);
  expect(problems).not.toEqual([]);
});
