import { expect, test } from "vitest";
import { groupGaps, MOST_EXAMPLES, type ConfigGap, type ResultWithGaps } from "../src/gaps.ts";

const place = { path: "e/f.py", qualname: "C.validate", line: 3 };
const about = { section: "sampling", entry: "e.C", fields: ["n"], place };
const warned = (n: number): ConfigGap => ({ ...about, kind: "warned", exception: null, given: { n } });
const refused: ConfigGap = { ...about, kind: "refused", exception: "ValueError", given: { n: 0 } };
const resultOf = (...gaps: ResultWithGaps["gaps"]): ResultWithGaps => ({
  engine: { name: "vllm", version: "1" },
  gaps,
});

test("equal gaps of several results are one, counted by results, with each section once", () => {
  const groups = groupGaps([resultOf(warned(1), warned(1), warned(2)), resultOf(warned(2)), resultOf(refused)]);
  expect(groups).toMatchObject([
    { kind: "refused", exception: "ValueError", count: 1, examples: [{ n: 0 }] },
    { kind: "warned", engine: "vllm", engine_version: "1", entry: "e.C", count: 2, examples: [{ n: 1 }, { n: 2 }] },
  ]);
});

test("other fields, places and versions are other gaps", () => {
  const others: ConfigGap[] = [
    { ...warned(1), fields: ["m"] },
    { ...warned(1), place: { ...place, line: 4 } },
  ];
  const newer = { ...resultOf(warned(1)), engine: { name: "vllm", version: "2" } } as const;
  expect(groupGaps([resultOf(warned(1), ...others), newer])).toHaveLength(4);
});

test("gaps between samples are none of the rules'", () => {
  expect(groupGaps([resultOf({ kind: "samples" })])).toEqual([]);
});

test("a group keeps a bounded number of examples", () => {
  const many = Array.from({ length: 50 }, (_, n) => resultOf(warned(n)));
  const [group] = groupGaps(many);
  expect(group).toMatchObject({ count: 50 });
  expect(group?.examples).toHaveLength(MOST_EXAMPLES);
});
