import { expect, it } from "vitest";
import { present } from "../support/project.ts";
import { told } from "./support.ts";

const AXES = "engine: llama-cpp\nsweep: {axes: {workload.output_tokens: [2, 4]}}\n";

it("a study of cold starts warms nothing up, and says where that comes from", async () => {
  const { study, points } = await told(`${AXES}execution: {force_cold_start: true}\n`);
  expect(points).toHaveLength(2);
  const { experiment, provenance } = present(await study.resolveAt(0));
  expect(experiment.measurement).toMatchObject({ warmup: { enabled: false }, thermal: { gate: false } });
  expect(provenance["measurement.warmup.enabled"]).toBe("preset");
});

it("is another experiment than the same one warmed up", async () => {
  const [warm, cold] = [await told(AXES), await told(`${AXES}execution: {force_cold_start: true}\n`)];
  expect(cold.points[0]?.point.id).not.toBe(warm.points[0]?.point.id);
});

it("leaves what the file itself says", async () => {
  const { study } = await told(`${AXES}measurement: {warmup: {enabled: true}}\nexecution: {force_cold_start: true}\n`);
  const { experiment } = present(await study.resolveAt(0));
  expect(experiment.measurement).toMatchObject({ warmup: { enabled: true }, thermal: { gate: false } });
});
