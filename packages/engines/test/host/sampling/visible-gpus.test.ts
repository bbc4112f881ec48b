import { expect, test } from "vitest";
import { visibleGpus } from "../../../src/host/sampling/visible-gpus.ts";
import { ReplayedNvml } from "../../fixtures/replayed-nvml.ts";

const nvml = new ReplayedNvml({
  nvmlDeviceGetCount_v2: { value: 2 },
  "nvmlDeviceGetName 0": { value: "A" },
  "nvmlDeviceGetName 1": { value: "B" },
  "nvmlDeviceGetUUID 0": { value: "GPU-aa11" },
  "nvmlDeviceGetUUID 1": { value: "GPU-aa22" },
  "nvmlDeviceGetMaxMigDeviceCount 1": { value: 2 },
  "nvmlDeviceGetUUID 1:1": { value: "MIG-77" },
});
const seen = (wanted: string | undefined): unknown => {
  const { gpus, unknown } = visibleGpus(nvml, wanted);
  return [gpus.map(({ index }) => index), unknown];
};

test.each([
  [undefined, [0, 1], []],
  ["", [], []],
  ["1", [1], []],
  ["1,0", [1, 0], []],
  ["GPU-aa2", [1], []],
  ["0,0", [0], []],
  ["MIG-77", [1], []],
  ["MIG-GPU-aa11/3/0", [0], []],
])("CUDA_VISIBLE_DEVICES=%s shows %j", (wanted, gpus, unknown) => {
  expect(seen(wanted)).toEqual([gpus, unknown]);
});

test("an entry that names no GPU, or two, hides what follows it", () => {
  expect(seen("0,7,1")).toEqual([[0], ["7", "1"]]);
  expect(seen("GPU-aa")).toEqual([[], ["GPU-aa"]]);
});

test("a MIG instance keeps its name beside the board's", () => {
  expect(visibleGpus(nvml, "MIG-77").gpus[0]).toMatchObject({ index: 1, name: "B", migInstances: ["MIG-77"] });
});
