import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { BODIES, fakeOptions, fixture, open, temporaryFolder } from "../fixtures/open-fake.ts";

const served = (...args: readonly string[]): ReturnType<typeof fakeOptions> =>
  fakeOptions("", "", { command: { file: process.execPath, args: [fixture("serve-worker.ts"), ...args], env: {} } });

const opened = (...args: readonly string[]): Promise<WorkerSession> => open(served(...args));

describe("serve", () => {
  test("answers requests and reports tokens", async () => {
    const session = await opened("tokens");
    const groups = [[0, 1].map((r) => ({ r, tokens: [1, 2], output_tokens: 600 }))];
    const events: WorkerEvent[] = [];
    const reply = await session.request("run", { ...BODIES.run, groups }, (event) => events.push(event));
    const tokens = events.filter((event) => event.event === "tokens");
    expect(Math.max(...tokens.map((event) => event.ids.length))).toBe(256);
    const ids = tokens.filter((event) => event.r === 1).flatMap((event) => event.ids);
    expect(ids).toEqual(Array.from({ length: 600 }, (_, index) => index));
    expect(events.at(-1)).toMatchObject({ event: "finished", r: 1, output_tokens: 600 });
    expect(reply.end_ns).toBeGreaterThan(reply.origin_ns);
    expect(reply.cpu_s).toBeGreaterThan(0);
    expect(await session.close()).toMatchObject({ exitCode: 0, killedBy: "nothing" });
  });

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

  test("drops what is said after the reply", async () => {
    const session = await opened("late-event");
    await session.request("run", BODIES.run);
    expect(await session.request("tokenize", BODIES.tokenize)).toEqual({ ids: [] });
  });

  test("keeps chatter out of the protocol and in the log", async () => {
    const options = served("chatter");
    const session = await open(options);
    expect(await session.request("run", BODIES.run)).toHaveProperty("origin_ns");
    await session.close();
    expect(readFileSync(options.logPath, "utf8").split("\n").toSorted()).toEqual(["", "on stderr", "on stdout"]);
  });

  test("leaves what the engine raised in the log, with its stack", async () => {
    const failing = served("fail");
    const session = await open(failing);
    await expect(session.request("run", BODIES.run)).rejects.toMatchObject({ code: "worker.failed" });
    await session.close();
    expect(readFileSync(failing.logPath, "utf8")).toMatch(/TypeError: [^]*serve-worker\.ts/);
  });

  test.each([
    ["unsupported", "engine.unsupported", "LemError"],
    ["memory", "worker.out-of-memory", "InsufficientMemoryError"],
    ["fail", "worker.failed", "TypeError"],
  ])("answers an error of the kind %s", async (runDoes, code, type) => {
    const session = await opened(runDoes);
    await expect(session.request("run", BODIES.run)).rejects.toMatchObject({
      code,
      context: { engine_error: { type } },
    });
    expect(await session.request("unload", {})).toEqual({});
  });

  test("has no operation that its handlers lack", async () => {
    const session = await opened("tokens");
    await expect(session.request("describe", {})).rejects.toMatchObject({ code: "engine.unsupported" });
  });
});
