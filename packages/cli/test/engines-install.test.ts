import { expect, test } from "vitest";
import { captureIo } from "./capture-io.ts";
import { runCli } from "../src/run-cli.ts";

/** `lem engines install` where nothing is installed and nothing may be: each answer comes before any program starts. */
async function install(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo({ env: { PATH: "/nonexistent", LEM_CACHE: "/nonexistent/cache" } });
  return { code: await runCli(["engines", "install", ...argv], io), out: io.out(), err: io.err() };
}

test("what comes with lem needs no installation", async () => {
  expect(await install("llama-cpp")).toMatchObject({ code: 0, err: "" });
});

test.each([
  ["another version of what comes with lem", ["llama-cpp", "--version", "1.0"], "engine.unsupported"],
  ["a version that is not supported", ["transformers", "--version", "1.0"], "engine.unsupported"],
  ["an engine that lem cannot install", ["tensorrt-llm"], "engine.unsupported"],
  ["an unknown engine", ["transformrs"], "engine.unknown"],
  ["a version of an old name", ["pytorch", "--version", "1.0"], "engine.unsupported"],
])("%s is refused", async (_, argv, code) => {
  const refused = await install(...argv);
  expect(refused.code).toBe(2);
  expect(refused.out).toBe("");
  expect(refused.err).toContain(code);
});
