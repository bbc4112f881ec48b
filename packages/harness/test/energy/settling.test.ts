import { join } from "node:path";
import { expect, test } from "vitest";
import { judgeSettling } from "../../src/energy/settling.ts";
import { readTrace } from "../support/recorded-trace.ts";

const { recording, phases } = readTrace(join(import.meta.dirname, "fixtures", "h100-gemm.json.gz"));
const load = phases.find((phase) => phase.do === "constant");
const after = (seconds: number): number => (load?.from_ns ?? 0) + seconds * 1e9;

test("a GPU that warms up is moving, one that has warmed up is flat", () => {
  expect(judgeSettling([recording], after(8), 11)).toBe("moving");
  expect(judgeSettling([recording], after(70), 70)).toBe("flat");
});

test("nothing is said before the span has passed, or without a thermometer", () => {
  expect(judgeSettling([recording], after(70), 5)).toBe("moving");
  expect(judgeSettling([{ ...recording, streams: new Map() }], after(70), 70)).toBe("no-temperature");
});
