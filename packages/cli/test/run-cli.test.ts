import { expect, test } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

const run = async (...argv: string[]): Promise<{ code: number; out: string; err: string }> => {
  const io = captureIo();
  const code = await runCli(argv, io);
  return { code, out: io.out(), err: io.err() };
};

test("--version prints one line", async () => {
  expect(await run("--version")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^lem \d+\.\d+\.\d+\S*\n$/),
    err: "",
  });
});

test("an unknown command is refused with the nearest one", async () => {
  const { code, err } = await run("chekc");
  expect(code).toBe(2);
  expect(err).toContain("check");
});

test("an unknown flag is refused with the nearest one", async () => {
  const { code, err } = await run("run", "--modle", "x");
  expect(code).toBe(2);
  expect(err).toContain("--model");
});

test.each([
  [["experiment", "a.yaml"], "lem run FILE"],
  [["config", "validate", "a.yaml"], "lem check FILE"],
  [["aggregate", "x"], "lem results show DIR"],
])("the predecessor's %j names the new command", async (argv, now) => {
  const { code, err } = await run(...argv);
  expect(code).toBe(2);
  expect(err).toContain(now);
});

test("a count flag refuses what is no whole number", async () => {
  const { code, err } = await run("flops", "builtin:tiny", "--input", "1.5", "--output", "4");
  expect(code).toBe(2);
  expect(err).toContain("whole number");
});
