import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OPERATIONS } from "../../src/worker/protocol.ts";
import { openSession, type SessionOptions } from "../../src/worker/session.ts";
import { ask, fakeOptions, isRunning, open, PATIENT, temporaryFolder } from "../fixtures/open-fake.ts";

const PHASES = OPERATIONS.filter((op) => op !== "bye");

/** Opens, asks the operation, and gives what is thrown on the way; the worker must be gone by then. */
async function failureOf(behaviour: string, op: string, overrides: Partial<SessionOptions> = {}): Promise<unknown> {
  const options = fakeOptions(behaviour, op, overrides);
  if (op === "hello")
    return openSession(options).then(
      (session) => session.kill(),
      (error: unknown) => error,
    );
  const session = await open(options);
  const error = await ask(session, op).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(isRunning(session.pid)).toBe(false);
  return error;
}

describe("a worker that crashes", () => {
  test.each(PHASES)("during %s is reported with its exit code and last words", async (op) => {
    expect(await failureOf("exit", op)).toMatchObject({
      code: "worker.crashed",
      message: expect.stringContaining("the engine is unhappy"),
      context: { op, exit_code: 3, log_tail: expect.stringContaining("unhappy") },
    });
  });

  test("with exit code 0 has crashed all the same", async () => {
    expect(await failureOf("exit-0", "run")).toMatchObject({ code: "worker.crashed", context: { exit_code: 0 } });
  });

  test("in native code is reported with its signal and a hint", async () => {
    expect(await failureOf("segfault", "run")).toMatchObject({
      code: "worker.crashed",
      hint: expect.stringContaining("native code"),
      context: { signal: "SIGSEGV" },
    });
  });

  test("between two requests fails the next one", async () => {
    const session = await open(fakeOptions("good", "run"));
    process.kill(session.pid, "SIGABRT");
    await expect(ask(session, "run")).rejects.toMatchObject({ code: "worker.crashed" });
    await expect(ask(session, "run")).rejects.toMatchObject({ code: "worker.crashed" });
  });

  test.each(["memory-error", "exit-137"])("by %s ran out of memory", async (behaviour) => {
    expect(await failureOf(behaviour, "load")).toMatchObject({ code: "worker.out-of-memory" });
  });

  test("by a kill without a trace of memory did not run out of it", async () => {
    expect(await failureOf("killed-by-somebody", "load")).toMatchObject({
      code: "worker.crashed",
      hint: expect.stringContaining("outside lem"),
    });
  });
});

describe("a worker that says nothing", () => {
  test.each([
    ["hello", { hello_s: 0.3 }],
    ["describe", { load_s: 0.3 }],
    ["load", { load_s: 0.3 }],
    ["tokenize", { silence_s: 0.3 }],
    ["run", { silence_s: 0.3 }],
  ])("during %s is ended at its deadline", async (op, deadlines) => {
    const overrides = { deadlines: { ...PATIENT, ...deadlines } };
    expect(await failureOf("silent", op, overrides)).toMatchObject({
      code: "worker.silent",
      context: { op, deadline_s: 0.3, killed_by: "SIGKILL" },
    });
  });
});

describe("a worker that breaks the protocol", () => {
  test.each(["text", "binary", "broken-json", "flood-protocol"])("with %s is ended", async (behaviour) => {
    expect(await failureOf(behaviour, "load")).toMatchObject({ code: "worker.protocol" });
  });

  test.each(["wrong-id", "no-content", "empty-reply", "bad-tokens", "bad-event"])(
    "with %s is ended",
    async (behaviour) => {
      expect(await failureOf(behaviour, "run")).toMatchObject({ code: "worker.protocol" });
    },
  );

  test("by answering twice is ended", async () => {
    const session = await open(fakeOptions("answer-twice", "unload"));
    await ask(session, "unload");
    await expect(ask(session, "run")).rejects.toMatchObject({ code: "worker.protocol" });
  });

  test("by ending within a line has crashed", async () => {
    expect(await failureOf("half-line", "run")).toMatchObject({ code: "worker.crashed" });
  });

  test("of another version is refused", async () => {
    const error = await failureOf("other-version", "hello");
    expect(error).toMatchObject({ code: "worker.protocol", context: { spoken: 99, expected: 1 } });
  });
});

describe("a worker that cannot be started", () => {
  const startWith = (file: string): Promise<unknown> =>
    openSession(fakeOptions("good", "run", { command: { file, args: [], env: {} } }));

  test("because its program is missing", async () => {
    await expect(startWith("/nowhere/python")).rejects.toMatchObject({
      code: "worker.spawn",
      hint: expect.stringContaining("install"),
      context: { errno: "ENOENT" },
    });
  });

  test("because its program may not be executed", async () => {
    const file = join(temporaryFolder(), "python");
    writeFileSync(file, "", { mode: 0o600 });
    await expect(startWith(file)).rejects.toMatchObject({ code: "worker.spawn", context: { errno: "EACCES" } });
  });

  test("because its log cannot be written", async () => {
    const options = fakeOptions("good", "run", { logPath: "/nowhere/log.txt" });
    await expect(openSession(options)).rejects.toMatchObject({ code: "io.failed" });
  });
});

test.runIf(process.platform === "linux")("a full disk under the log ends the session [needs linux]", async () => {
  const error = await failureOf("flood-chatter", "load", { logPath: "/dev/full" });
  expect(error).toMatchObject({ code: "io.disk-full" });
});
