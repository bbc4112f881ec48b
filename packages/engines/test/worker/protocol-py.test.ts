import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import { BODIES, fakeOptions, isRunning, open } from "../fixtures/open-fake.ts";
import { python, pythonCommand } from "../fixtures/python.ts";

const options = (runDoes: string): ReturnType<typeof fakeOptions> =>
  fakeOptions("", "", { command: pythonCommand(runDoes) });

describe.runIf(python)("protocol.py [needs python3]", () => {
  test("answers requests and reports tokens", async () => {
    const session = await open(options("tokens"));
    expect(session.hello).toMatchObject({ engine: "python-fake", pid: session.pid });
    expect(session.hello.processors).toBeGreaterThanOrEqual(1);
    const groups = [[0, 1].map((r) => ({ r, tokens: [1, 2], output_tokens: 600 }))];
    const events: WorkerEvent[] = [];
    const reply = await session.request("run", { ...BODIES.run, groups }, (event) => events.push(event));
    const tokens = events.filter((event) => event.event === "tokens");
    expect(Math.max(...tokens.map((event) => event.ids.length))).toBe(256);
    const ids = tokens.filter((event) => event.r === 1).flatMap((event) => event.ids);
    expect(ids).toEqual(Array.from({ length: 600 }, (_, index) => index));
    expect(events.at(-1)).toMatchObject({ event: "finished", r: 1, input_tokens: 2, output_tokens: 600 });
    expect(reply.end_ns).toBeGreaterThan(reply.origin_ns);
    expect(await session.close()).toMatchObject({ exitCode: 0, killedBy: "nothing" });
  });

  test("keeps chatter out of the protocol and in the log, in its order", async () => {
    const chatty = options("chatter");
    const session = await open(chatty);
    await session.request("run", BODIES.run);
    await session.close();
    const log = readFileSync(chatty.logPath, "utf8");
    expect(log).toContain("chatter before the start");
    expect(log).toContain("print\ndescriptor 1\nsubprocess\n");
  });

  test.each([
    ["memory-error", "worker.out-of-memory", "MemoryError"],
    ["torch-memory-error", "worker.out-of-memory", "OutOfMemoryError"],
    ["cpu-memory-error", "worker.out-of-memory", "RuntimeError"],
    ["not-implemented", "engine.unsupported", "NotImplementedError"],
    ["not-supported", "engine.unsupported", "NotSupported"],
    ["bad-request", "worker.protocol", "BadRequest"],
    ["exit", "worker.failed", "SystemExit"],
    ["fail", "worker.failed", "ValueError"],
  ])("answers %s, and goes on", async (runDoes, code, type) => {
    const session = await open(options(runDoes));
    await expect(session.request("run", BODIES.run)).rejects.toMatchObject({
      code,
      context: { engine_error: { type, traceback: expect.stringContaining("python_worker.py") } },
    });
    expect(await session.request("unload", {})).toEqual({});
  });

  test("leaves what the engine raised in the log, with its traceback", async () => {
    const failing = options("fail");
    const session = await open(failing);
    await expect(session.request("run", BODIES.run)).rejects.toMatchObject({ code: "worker.failed" });
    await session.close();
    expect(readFileSync(failing.logPath, "utf8")).toMatch(/Traceback[^]*python_worker\.py[^]*ValueError/);
  });

  test("has no operation that its handlers lack", async () => {
    const session = await open(options("tokens"));
    await expect(session.request("describe", {})).rejects.toMatchObject({ code: "engine.unsupported" });
  });

  test("counts the processor time of children", async () => {
    const session = await open(options("burn"));
    const { cpu_s } = await session.request("run", BODIES.run);
    expect(cpu_s).toBeGreaterThan(0.25);
  });

  test("reports the peak memory of the run, not of the lifetime", async () => {
    const session = await open(options("peak"));
    const { process_peak_b } = await session.request("run", BODIES.run);
    if (process_peak_b === null) return; // a kernel that does not let a process reset its peak
    expect(process_peak_b).toBeGreaterThan(2 ** 20);
    expect(process_peak_b).toBeLessThan(200 * 2 ** 20);
  });

  test("drops what is said after the reply", async () => {
    const session = await open(options("late-event"));
    await session.request("run", BODIES.run);
    expect(await session.request("tokenize", BODIES.tokenize)).toEqual({ ids: [] });
  });

  test("lets the engine fork", async () => {
    const session = await open(options("forks"));
    const seen: WorkerEvent[] = [];
    await session.request("run", BODIES.run, (event) => seen.push(event));
    expect(seen).toEqual([{ event: "warning", message: "open" }]);
    expect(session.logTail()).not.toContain("Exception");
  });

  test("takes the words of a process that the engine forked for those of the request at hand, and of no other", async () => {
    const session = await open(options("forks-a-talker"));
    const seen: WorkerEvent[] = [];
    await session.request("run", BODIES.run, (event) => seen.push(event));
    expect(seen).toEqual([{ event: "warning", message: "at once" }]);
    expect(await session.request("tokenize", BODIES.tokenize)).toEqual({ ids: [] });
  });

  test("writes values that JSON lacks", async () => {
    const session = await open(options("odd-values"));
    const seen: string[] = [];
    await session.request("run", BODIES.run, (event) => void (event.event === "warning" && seen.push(event.message)));
    const odd = (value: string): object => ({ $py: "float", value });
    expect(JSON.parse(seen[0] ?? "")).toEqual({
      a: odd("inf"),
      b: [1, 2],
      c: [odd("nan"), null, true],
      d: "<class 'SystemExit'>",
    });
  });

  test("leaves no children when it crashes in native code", async () => {
    const session = await open(options("crash"));
    let child = 0;
    const request = session.request("run", BODIES.run, (event) => {
      if (event.event === "warning") child = Number(event.message);
    });
    await expect(request).rejects.toMatchObject({
      code: "worker.crashed",
      context: { signal: "SIGABRT" },
      message: expect.stringContaining("Fatal Python error"),
    });
    expect(child).toBeGreaterThan(0);
    expect(isRunning(child)).toBe(false);
  });
});
