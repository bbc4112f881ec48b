import { describe, expect, it } from "vitest";
import { BUILTIN_SETS } from "../../src/workload/builtin/sets.ts";
import { readPrompts } from "../../src/workload/prompts.ts";
import { workloadOf } from "../support/experiment.ts";

describe("readPrompts", () => {
  it("gives built-in texts that are filled to the length", async () => {
    const prompts = await readPrompts(workloadOf());
    expect(prompts).toMatchObject({ kind: "texts", fill: true, source: "builtin:classics" });
  });

  it("refuses a set that does not exist, naming those that do", async () => {
    const reading = readPrompts(workloadOf({ prompts: { kind: "builtin", set: "poems" } }));
    await expect(reading).rejects.toMatchObject({
      code: "workload.no-prompts",
      hint: expect.stringContaining("classics"),
    });
  });

  it("draws as many synthetic lengths as there are requests", async () => {
    const prompts = await readPrompts(
      workloadOf({ prompts: { kind: "synthetic", lengths: { kind: "fixed", value: 12 } } }),
    );
    expect(prompts).toMatchObject({ kind: "synthetic", source: "synthetic:fixed", lengths: [12, 12, 12, 12] });
  });
});

describe("the built-in sets", () => {
  const passages = [...BUILTIN_SETS].flatMap(([set, list]) => list.map((passage) => ({ set, ...passage })));

  it("name the source of every passage, and hold nothing younger than 1900", () => {
    for (const { title, author, year } of passages) {
      expect(title.length * author.length).toBeGreaterThan(0);
      expect(year).toBeLessThan(1900);
    }
  });

  it("hold each passage once, as one line of prose", () => {
    for (const set of BUILTIN_SETS.values()) expect(new Set(set.map(({ text }) => text)).size).toBe(set.length);
    for (const { text } of passages) expect(text).toMatch(/^\S(?:[^\s]| (?! ))+\S$/);
  });

  it("are large enough for 512-token inputs of real text", () => {
    expect(BUILTIN_SETS.get("classics")?.length).toBeGreaterThanOrEqual(24);
    const words = BUILTIN_SETS.get("classics")?.flatMap(({ text }) => text.split(" ")).length;
    expect(words).toBeGreaterThan(4000);
  });
});
