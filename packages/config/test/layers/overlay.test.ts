import { expect, it } from "vitest";
import { overlayAll } from "../../src/layers/overlay.ts";
import { nodeAt, toJson, type MapNode } from "../../src/yaml/located.ts";
import { parseText } from "../../src/yaml/parse.ts";
import { present } from "../support/project.ts";

const layer = (text: string, file = "a.yaml"): MapNode => present(parseText(text, { file }).value);
const overlaid = (...texts: string[]): unknown => toJson(overlayAll(texts.map((text) => layer(text))));

it("maps merge by key, lists and scalars are replaced", () => {
  expect(overlaid("a: {x: 1, l: [1]}", "a: {x: 2, y: 3, l: [2, 3]}\nb: 4")).toEqual({
    a: { x: 1, y: 3, l: [1] },
    b: 4,
  });
});

it("null replaces a map: it is the engine's None", () => {
  expect(overlaid("t: {load: {q: null}}", "t: {load: {q: {bits: 4}}}")).toEqual({ t: { load: { q: null } } });
});

it("each value keeps the place of its own file", () => {
  const merged = overlayAll([layer("a: 1", "strong.yaml"), layer("b: {c: 2}", "weak.yaml")]);
  expect(nodeAt(merged, ["a"])?.mark.file).toBe("strong.yaml");
  expect(nodeAt(merged, ["b", "c"])?.mark.file).toBe("weak.yaml");
});

it("prompts drop the weaker layer's lengths, and the other way round", () => {
  expect(overlaid("workload: {prompts: a.txt}", "workload: {lengths: 8, n: 2}")).toEqual({
    workload: { prompts: "a.txt", n: 2 },
  });
  expect(overlaid("workload: {lengths: 8}", "workload: {prompts: a.txt}")).toEqual({ workload: { lengths: 8 } });
});

it("lengths of another kind do not mix, a part of them does", () => {
  const weaker = "workload: {lengths: {kind: uniform, min: 1, max: 9}}";
  expect(overlaid("workload: {lengths: {kind: fixed, value: 3}}", weaker)).toEqual({
    workload: { lengths: { kind: "fixed", value: 3 } },
  });
  expect(overlaid("workload: {lengths: {max: 5}}", weaker)).toEqual({
    workload: { lengths: { kind: "uniform", min: 1, max: 5 } },
  });
});
