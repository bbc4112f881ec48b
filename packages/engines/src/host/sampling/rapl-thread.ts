/** Entry of the thread that reads the processor's energy counters; rapl-stream.ts starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { RaplCounter } from "./rapl-counter.ts";
import type { RaplBatch, RaplThreadData } from "./rapl-stream.ts";
import type { FromThread, ToThread } from "./sampling-thread.ts";

const { counters: files, read_ms, send_ms } = workerData as RaplThreadData;
const counters = files.map((file) => new RaplCounter(file));

const post = (message: FromThread<RaplBatch, null>): void => parentPort?.postMessage(message);
const read = (): void => {
  for (const counter of counters) counter.read();
};
const send = (): void => {
  post({ type: "batch", batch: Object.fromEntries(counters.map((counter) => [counter.domain, counter.take()])) });
};

read();
post({ type: "started", about: null });
const timers = [setInterval(read, read_ms), setInterval(send, send_ms)];
parentPort?.on("message", (message: ToThread) => {
  read();
  send();
  if (message.type === "ask") post({ type: "answer", id: message.id, value: true });
  else {
    for (const timer of timers) clearInterval(timer);
    parentPort?.close();
  }
});
