import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { BODIES, fakeOptions, open, temporaryFolder } from "../fixtures/open-fake.ts";
import { python, pythonCommand } from "../fixtures/python.ts";

const opened = (runDoes: string, ...more: readonly string[]): Promise<WorkerSession> =>
  open(fakeOptions("", "", { command: pythonCommand(runDoes, ...more) }));

describe.runIf(python)("token_stream.py [needs python3]", () => {
  test("writes tokens while the engine stalls after them", async () => {
    const seen = join(temporaryFolder(), "seen");
    const session = await opened("stall", seen);
    const lines: (readonly number[])[] = [];
    await session.request("run", BODIES.run, (event) => {
      if (event.event !== "tokens") return;
      lines.push(event.ids);
      writeFileSync(seen, "");
    });
    expect(lines).toEqual([[7, 8]]);
  });

  test("loses, repeats and reorders nothing while two threads write", async () => {
    const session = await opened("haste");
    const each = 100_000;
    const groups = [[0, 1].map((r) => ({ r, tokens: [1], output_tokens: each }))];
    const events: WorkerEvent[] = [];
    await session.request("run", { ...BODIES.run, groups }, (event) => events.push(event));
    const lines = events.filter((event) => event.event === "tokens");
    expect(lines.length, "the second thread wrote too").toBeGreaterThan(2 * Math.ceil(each / 256));
    for (const r of [0, 1]) {
      const own = lines.filter((line) => line.r === r);
      expect(own.flatMap((line) => line.ids)).toEqual(Array.from({ length: each }, (_, index) => index));
      const times = own.flatMap((line) => line.t_ns);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test("ends with a run that fails, its tokens written before the error", async () => {
    const session = await opened("break-off");
    const events: WorkerEvent[] = [];
    const run = session.request("run", BODIES.run, (event) => events.push(event));
    await expect(run).rejects.toMatchObject({ code: "worker.failed" });
    expect(events.at(-1)).toMatchObject({ event: "tokens", ids: [7] });
    expect(await session.request("tokenize", BODIES.tokenize)).toEqual({ ids: [] });
  });
});
