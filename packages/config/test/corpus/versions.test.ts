import { expect, it } from "vitest";
import { nearestVersion } from "../../src/corpus/versions.ts";

const KNOWN = ["4.57.6", "5.17.0", "5.23.0"];

it.each([
  ["5.23.0", "5.23.0"],
  ["5.24.1", "5.23.0"],
  ["5.0.0", "5.17.0"],
  ["5.18", "5.17.0"],
  ["5.20.0", "5.17.0"],
  ["5.22.3", "5.23.0"],
  ["4.2", "4.57.6"],
  ["6.0.0rc1", "5.23.0"],
  ["nonsense", "5.23.0"],
])("of the known versions %s is nearest to %s", (wanted, nearest) => {
  expect(nearestVersion(wanted, KNOWN)).toBe(nearest);
});

it("there is none of none", () => {
  expect(nearestVersion("1.0", [])).toBeUndefined();
});
