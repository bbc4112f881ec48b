import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aggregateFolder } from "../../src/aggregate/aggregate-folder.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-predecessor-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A per-process file with the fields that the predecessor writes, as far as they matter. */
function writeProcess(folder: string, index: number, more: object = {}): void {
  mkdirSync(join(root, folder), { recursive: true });
  const file = {
    schema_version: "2.0",
    experiment_id: "exp_7",
    backend: "pytorch",
    process_index: index,
    gpu_id: index,
    gpu_is_mig: false,
    energy_tracking_failed: false,
    config_name: "c",
    model_name: "org/model",
    timestamps: { start: `2026-01-02T03:00:0${index}`, end: "2026-01-02T03:00:10.000", duration_sec: 10 - index },
    inference_metrics: { total_tokens: 300, input_tokens: 100, output_tokens: 200, inference_time_sec: 8 },
    energy_metrics: { total_energy_j: 500, duration_sec: 10 },
    compute_metrics: { flops_total: 1 },
    per_request_latencies_ms: [10, 20, 30],
    ...more,
  };
  writeFileSync(join(root, folder, `process_${index}.json`), JSON.stringify(file));
}

it("adds up what the predecessor's processes measured, over the time that all of them span", async () => {
  writeProcess("raw/exp_7", 0);
  writeProcess("raw/exp_7", 1);
  const [result] = await aggregateFolder(join(root, "raw"));
  expect(result).toMatchObject({
    format: "predecessor",
    experiment_id: "exp_7",
    model: "org/model",
    processes: 2,
    tokens: { input: 200, output: 400 },
    throughput: { output_tokens_per_second: { status: "modelled", value: 40 } },
    latency: { e2e: { mean: { value: 20, n: 6 } } },
    energy: { total_j: { value: 1000 }, joules_per_output_token: { status: "modelled", value: 2.5 } },
  });
});

it.each([
  ["a GPU twice", { gpu_id: 0 }, "not-applicable"],
  ["a divided board", { gpu_is_mig: true }, "not-applicable"],
  ["a placeholder", { energy_tracking_failed: true }, "read-failed"],
])("has no energy rather than a wrong one: %s", async (_, more, reason) => {
  writeProcess("exp_7", 0);
  writeProcess("exp_7", 1, more);
  const [result] = await aggregateFolder(join(root, "exp_7"));
  expect(result?.energy).toMatchObject({
    total_j: { status: "unavailable", reason },
    joules_per_output_token: { status: "unavailable", reason },
  });
});

it("refuses files of different experiments, damaged ones, and a folder without any", async () => {
  writeProcess("mixed", 0);
  writeProcess("mixed", 1, { experiment_id: "exp_8" });
  await expect(aggregateFolder(join(root, "mixed"))).rejects.toMatchObject({ code: "results.invalid" });
  writeProcess("damaged", 0, { timestamps: "yesterday" });
  await expect(aggregateFolder(join(root, "damaged"))).rejects.toMatchObject({ code: "results.invalid" });
  writeFileSync(join(root, "damaged", "process_0.json"), "{");
  await expect(aggregateFolder(join(root, "damaged"))).rejects.toMatchObject({ code: "results.invalid" });
  await expect(aggregateFolder(join(root, "nowhere"))).rejects.toMatchObject({ code: "results.not-found" });
});
