import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Probe, ProbeAnswer, ProbeHello } from "../../src/probe/protocol.ts";

const SCRIPT = join(import.meta.dirname, "../../probe");

interface Reply {
  readonly id: number;
  readonly answer?: ProbeAnswer;
  readonly ok?: unknown;
  readonly error?: unknown;
}

/** The probe script in a process, without the care that the real client takes. */
export async function directProbe(python: string, packageName: string, pythonPath: string): Promise<Probe> {
  const child = spawn(python, [SCRIPT], {
    env: { ...process.env, PYTHONPATH: pythonPath },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let id = 0;
  const ask = async (op: string, more: object): Promise<{ answers: ProbeAnswer[]; ok: unknown }> => {
    id += 1;
    child.stdin.write(`${JSON.stringify({ id, op, ...more })}\n`);
    const answers: ProbeAnswer[] = [];
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error("the probe ended");
      const reply = JSON.parse(value as string) as Reply;
      if (reply.error !== undefined) throw new Error(JSON.stringify(reply.error));
      if (reply.answer === undefined) return { answers, ok: reply.ok };
      answers.push(reply.answer);
    }
  };
  const limits = { seconds: 10, memoryBytes: 8 * 2 ** 30 };
  const hello = (await ask("hello", { package: packageName, files: [], landmarks: [], limits })).ok as ProbeHello;
  return {
    hello,
    run: async (requests) => (await ask("probe", { requests })).answers,
    close: async () => void child.kill(),
  };
}
