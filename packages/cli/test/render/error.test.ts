import { LemError } from "@lem/domain";
import { expect, test } from "vitest";
import { errorText } from "../../src/render/error.ts";

test("an error shows place, message, code and hint", () => {
  const error = new LemError("workload.no-prompts", "the file holds no prompts", {
    hint: "one prompt a line",
    place: { file: "p.txt", line: 1, path: "workload.prompts" },
  });
  expect(errorText(error, { color: false })).toBe(
    "p.txt:1  workload.prompts\nerror the file holds no prompts   workload.no-prompts\n  try: one prompt a line",
  );
});

test("anything that is no LemError is shown as a defect of lem, with its stack", () => {
  const text = errorText(new Error("boom"), { color: false });
  expect(text).toContain("internal.bug");
  expect(text).toContain("error.test.ts");
});
