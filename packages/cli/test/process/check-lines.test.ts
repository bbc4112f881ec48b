import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { expect, test } from "vitest";

const BIN = new URL("../../bin/lem.js", import.meta.url).pathname;
const LINE = `${JSON.stringify({ id: 1, entry: "vllm.SamplingParams", set: { n: 2 } })}\n`;

function start(): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [BIN, "check", "--ndjson", "--engine", "vllm"]);
}

const ended = (child: ChildProcessWithoutNullStreams): Promise<number | null> =>
  new Promise((resolve) => child.on("close", resolve));

const firstAnswer = (child: ChildProcessWithoutNullStreams): Promise<string> =>
  new Promise((resolve) => child.stdout.once("data", (chunk: Buffer) => resolve(String(chunk))));

test("a program may ask one line at a time, and an interrupt ends the wait", { timeout: 30_000 }, async () => {
  const child = start();
  const over = ended(child);
  for (let turn = 0; turn < 3; turn += 1) {
    const answer = firstAnswer(child);
    child.stdin.write(LINE);
    expect(JSON.parse(await answer)).toMatchObject({ id: 1, verdict: "ok" });
  }
  child.kill("SIGINT");
  expect(await over).toBe(130);
});

test("a reader that goes away early ends it without a crash", { timeout: 30_000 }, async () => {
  const child = start();
  const over = ended(child);
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => (err += String(chunk)));
  child.stdin.on("error", () => undefined);
  child.stdin.write(LINE);
  await firstAnswer(child);
  child.stdout.destroy();
  child.stdin.end(LINE.repeat(2000));
  expect(await over).toBe(0);
  expect(err).toBe("");
});
