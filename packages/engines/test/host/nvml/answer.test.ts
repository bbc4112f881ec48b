import { expect, test } from "vitest";
import { missingFromCode } from "../../../src/host/nvml/answer.ts";

test.each([
  [3, "not-supported"],
  [4, "no-permission"],
  [9, "no-sensor"],
  [13, "not-supported"],
  [15, "read-failed"],
  [18, "read-failed"],
  [999, "read-failed"],
])("NVML code %i means %s", (code, reason) => {
  const missing = missingFromCode(code, "nvmlDeviceGetName");
  expect(missing.reason).toBe(reason);
  expect(missing.detail).toContain(`NVML code ${code}`);
});
