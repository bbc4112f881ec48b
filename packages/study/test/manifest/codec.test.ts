import { expect, test } from "vitest";
import { manifestText, parseManifest } from "../../src/manifest/codec.ts";
import { MANIFEST_SCHEMA_VERSION, type ManifestEntry } from "../../src/manifest/manifest.ts";
import { headOf, NOT_BEGUN } from "./store-of.ts";

const entry: ManifestEntry = {
  experiment_id: "a1",
  cycle: 1,
  status: "failed",
  attempts: 2,
  started_at: "2026-11-22T09:00:00.000Z",
  finished_at: "2026-11-22T09:01:00.000Z",
  result: "experiments/a1/c1/r0/result.json",
  failure: { code: "worker.crashed", message: "it ended", hint: "look", phase: "load" },
};

test.each([0, 1, 2500])("what is written with %d runs is what is read", (runs) => {
  const entries = Array.from({ length: runs }, () => entry);
  const manifest = { schema_version: MANIFEST_SCHEMA_VERSION, ...headOf(["a1"]), ...NOT_BEGUN, entries } as const;
  const text = [...manifestText(manifest)].join("");
  expect(parseManifest(JSON.parse(text), "study.json")).toEqual(manifest);
});

test("a manifest of version 1 is read: one experiment, and nothing to resume it from", () => {
  const first = {
    schema_version: 1,
    lem_version: "0.0.0",
    name: "old",
    status: "completed",
    started_at: "2026-11-22T06:00:00.000Z",
    finished_at: "2026-11-22T06:01:00.000Z",
    command: ["lem", "run"],
    entries: [{ experiment_id: "a1", cycle: 1, status: "completed", result: "experiments/a1/c1/r0/result.json" }],
  };
  expect(parseManifest(first, "study.json")).toMatchObject({
    schema_version: MANIFEST_SCHEMA_VERSION,
    status: "completed",
    source: null,
    entries: [{ status: "completed", attempts: 1, started_at: "2026-11-22T06:00:00.000Z" }],
  });
});

test.each([
  ["a newer version", { schema_version: 99 }, "results.schema-version"],
  ["another file", { entries: [] }, "results.invalid"],
  ["a version without its fields", { schema_version: MANIFEST_SCHEMA_VERSION }, "results.invalid"],
  ["no object", null, "results.invalid"],
])("%s is refused by its code", (_, value, code) => {
  expect(() => parseManifest(value, "study.json")).toThrow(expect.objectContaining({ code }));
});
