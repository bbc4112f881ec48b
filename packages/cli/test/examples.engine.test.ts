import { expect, test } from "vitest";
import { examplesOf, runExample } from "./run-example.ts";

test.each(examplesOf("transformers"))(
  "a run of examples/%s is a result of the published schema",
  async (name) => {
    const { code, err, results } = await runExample(name);
    expect(code, err).toBe(0);
    expect(results).toHaveLength(2);
    for (const result of results) expect(result).toMatchObject({ status: "completed", problems: null });
  },
  900_000,
);
