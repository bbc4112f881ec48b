import { expect, test } from "vitest";
import { visibleGpus } from "../../../src/host/sampling/visible-gpus.ts";
import { ReplayedNvml, type RecordedAnswers } from "../../fixtures/replayed-nvml.ts";

const ANSWERS: RecordedAnswers = {
  nvmlDeviceGetCount_v2: { value: 2 },
  "nvmlDeviceGetName 0": { value: "A" },
  "nvmlDeviceGetName 1": { value: "A" },
  "nvmlDeviceGetUUID 0": { value: "GPU-aa11" },
  "nvmlDeviceGetUUID 1": { value: "GPU-aa22" },
  "nvmlDeviceGetMaxMigDeviceCount 1": { value: 7 },
  "nvmlDeviceGetUUID 1:1": { value: "MIG-77" },
  "nvmlDeviceGetUUID 1:4": { value: "MIG-78" },
};
const nvml = new ReplayedNvml(ANSWERS);
const indicesOf = (devices: string | undefined): readonly number[] =>
  visibleGpus(nvml, { devices }).gpus.map(({ index }) => index);

test.each([
  [undefined, [0, 1]],
  ["", []],
  ["-1", []],
  ["1", [1]],
  ["1,0", [1, 0]],
  ["GPU-aa2", [1]],
  ["0,0", [0]],
  ["MIG-77", [1]],
  ["MIG-GPU-aa11/3/0", [0]],
])("CUDA_VISIBLE_DEVICES=%s shows %j", (devices, gpus) => {
  expect(indicesOf(devices)).toEqual(gpus);
});

test("an entry that names no GPU, or two, hides what follows it, and is told", () => {
  expect(visibleGpus(nvml, { devices: "0,7,1" })).toMatchObject({
    gpus: [{ index: 0 }],
    problem: expect.stringContaining("7, 1"),
  });
  expect(indicesOf("GPU-aa")).toEqual([]);
});

test("MIG instances keep their names beside the board's, several of one board together", () => {
  expect(visibleGpus(nvml, { devices: "MIG-78,MIG-77" }).gpus).toMatchObject([
    { index: 1, name: "A", migInstances: ["MIG-78", "MIG-77"] },
  ]);
});

test("a divided board that is named itself is used through its first instance, as CUDA has it", () => {
  expect(visibleGpus(nvml, { devices: "1" }).gpus[0]).toMatchObject({ migInstances: ["MIG-77"] });
  expect(visibleGpus(nvml, {}).gpus.map(({ migInstances }) => migInstances)).toEqual([[], ["MIG-77"]]);
});

test("among different models an index counts only in the order of the bus", () => {
  const mixed = new ReplayedNvml({ ...ANSWERS, "nvmlDeviceGetName 1": { value: "B" } });
  expect(visibleGpus(mixed, { devices: "1" })).toMatchObject({
    gpus: [],
    problem: expect.stringContaining("PCI_BUS_ID"),
  });
  expect(visibleGpus(mixed, { devices: "1", order: "PCI_BUS_ID" }).gpus).toMatchObject([{ index: 1 }]);
  expect(visibleGpus(mixed, { devices: "GPU-aa2" }).gpus).toMatchObject([{ index: 1 }]);
});
