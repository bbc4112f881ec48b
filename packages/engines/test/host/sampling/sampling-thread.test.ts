import { expect, onTestFinished, test } from "vitest";
import { SamplingThread } from "../../../src/host/sampling/sampling-thread.ts";

/** A thread with a program of a few lines, in which `port` is the way to its parent. */
function threadOf(program: string): { readonly thread: SamplingThread<number, string>; readonly batches: number[] } {
  const source = `import { parentPort as port, workerData } from "node:worker_threads"; ${program}`;
  const batches: number[] = [];
  const thread = new SamplingThread<number, string>({
    entry: new URL(`data:text/javascript,${encodeURIComponent(source)}`),
    data: 7,
    onBatch: (batch) => batches.push(batch),
  });
  onTestFinished(() => thread.stop());
  return { thread, batches };
}

const STARTED = `port.postMessage({ type: "started", about: "data " + workerData });`;
const ANSWERING = `port.on("message", ({ type, id, question }) => {
  if (type === "stop") port.close();
  else port.postMessage({ type: "answer", id, value: question + "!" });
});`;

test("it says what it is at its start, answers each question, and gives its batches", async () => {
  const { thread, batches } = threadOf(`${STARTED} port.postMessage({ type: "batch", batch: 5 }); ${ANSWERING}`);
  expect(await thread.started()).toEqual({ status: "started", about: "data 7" });
  expect(await Promise.all([thread.ask("a"), thread.ask("b")])).toEqual(["a!", "b!"]);
  expect([batches, thread.lost]).toEqual([[5], null]);
});

test("a refusal at its start comes with its reason", async () => {
  const { thread } = threadOf(`port.postMessage({ type: "failed", reason: "no-sensor", detail: "none" });`);
  expect(await thread.started()).toEqual({ status: "failed", reason: "no-sensor", detail: "none" });
});

test.each([
  ["throws", `throw new Error("no such card");`, "no such card"],
  ["ends", `process.exit(0);`, "ended"],
])("a thread that %s before it started has failed", async (_, program, words) => {
  const { thread } = threadOf(program);
  expect(await thread.started()).toMatchObject({ status: "failed", detail: expect.stringContaining(words) });
  expect(await thread.ask("a")).toBeUndefined();
});

test("a thread that ends while it is asked is lost, and says so at once", async () => {
  const { thread } = threadOf(`${STARTED} port.on("message", () => process.exit(0));`);
  await thread.started();
  const begin = performance.now();
  expect([await thread.ask("a"), thread.lost]).toEqual([undefined, "the sampling thread ended"]);
  expect(performance.now() - begin).toBeLessThan(2500);
});

test("a thread that does not answer is lost after three seconds, and is ended", { timeout: 20_000 }, async () => {
  const { thread } = threadOf(`${STARTED} port.on("message", () => { for (;;); });`);
  await thread.started();
  expect([await thread.ask("a"), thread.lost]).toEqual([undefined, "the sampling thread does not answer"]);
  await thread.stop();
});

test("after its end it is not lost, and may be ended again", async () => {
  const { thread } = threadOf(`${STARTED} ${ANSWERING}`);
  await thread.started();
  await thread.stop();
  await thread.stop();
  expect([await thread.ask("a"), thread.lost]).toEqual([undefined, null]);
});
