import { Socket } from "node:net";
import { parentPort } from "node:worker_threads";
import { LineSplitter } from "./line-splitter.ts";

/*
 * Reads requests on a thread of its own, so that the end of stdin is noticed while the engine keeps the main thread
 * busy. End of stdin means that the host is gone.
 */
const lines = new LineSplitter();
const stdin = new Socket({ fd: 0, readable: true, writable: false });
stdin.on("data", (chunk: Buffer) => {
  for (const line of lines.push(chunk)) parentPort?.postMessage(line);
});
stdin.on("error", killGroup);
stdin.on("close", killGroup);

function killGroup(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.kill(process.pid, "SIGKILL"); // started by hand: the group is the terminal's
  }
}
