import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openSession } from "../../src/worker/session.ts";
import { ask, fakeOptions, isRunning, open, PATIENT } from "../fixtures/open-fake.ts";

const IMPATIENT = { ...PATIENT, close_s: 1 };

/** Asks for the operation that makes the worker start a child, and gives the child's pid. */
async function grandchildOf(session: Awaited<ReturnType<typeof open>>, op: string): Promise<number> {
  return new Promise((resolve) => {
    ask(session, op, (event) => {
      if (event.event === "warning") resolve(Number(event.message));
    }).catch(() => {});
  });
}

describe("closing a session", () => {
  test("sends SIGTERM to a worker that does not answer the farewell", async () => {
    const session = await open(fakeOptions("polite", "bye", { deadlines: IMPATIENT }));
    expect(await session.close()).toMatchObject({ exitCode: 0, killedBy: "SIGTERM" });
  });

  test("sends SIGKILL to a worker that ignores SIGTERM too", async () => {
    const session = await open(fakeOptions("stubborn", "bye", { deadlines: IMPATIENT }));
    expect(await session.close()).toMatchObject({ signal: "SIGKILL", killedBy: "SIGKILL", survivors: [] });
    expect(isRunning(session.pid)).toBe(false);
  });

  test("ends a request in progress as interrupted", async () => {
    const session = await open(fakeOptions("busy", "run"));
    const request = ask(session, "run");
    const [failure] = await Promise.allSettled([request, session.close()]);
    expect(failure).toMatchObject({ status: "rejected", reason: { code: "run.interrupted" } });
  });

  test("may be repeated, and gives the same outcome", async () => {
    const session = await open(fakeOptions("good", "run"));
    const [first, second] = await Promise.all([session.close(), session.close()]);
    expect(second).toBe(first);
    expect(await session.kill()).toBe(first);
  });

  test("takes the worker's children along", async () => {
    const session = await open(fakeOptions("grandchild", "load"));
    const child = await grandchildOf(session, "load");
    expect(isRunning(child)).toBe(true);
    await session.close();
    expect(isRunning(child)).toBe(false);
  });
});

test("a worker that crashes leaves no children", async () => {
  const session = await open(fakeOptions("grandchild-and-exit", "load"));
  let child = 0;
  const request = ask(session, "load", (event) => {
    if (event.event === "warning") child = Number(event.message);
  });
  await expect(request).rejects.toMatchObject({ code: "worker.crashed" });
  expect(child).toBeGreaterThan(0);
  expect(isRunning(child)).toBe(false);
});

describe("aborting", () => {
  test("ends a busy worker at once, with its children", async () => {
    const controller = new AbortController();
    const session = await open(fakeOptions("grandchild-and-busy", "run", { signal: controller.signal }));
    const child = grandchildOf(session, "run");
    const pid = await child;
    controller.abort();
    await expect(session.close()).resolves.toMatchObject({ signal: "SIGKILL" });
    expect([isRunning(session.pid), isRunning(pid)]).toEqual([false, false]);
  });

  test("rejects the request with run.interrupted", async () => {
    const controller = new AbortController();
    const session = await open(fakeOptions("silent", "run", { signal: controller.signal }));
    const request = ask(session, "run");
    controller.abort();
    await expect(request).rejects.toMatchObject({ code: "run.interrupted", exitCode: 130 });
  });

  test("before the start starts nothing", async () => {
    const signal = AbortSignal.abort();
    await expect(openSession(fakeOptions("good", "run", { signal }))).rejects.toMatchObject({
      code: "run.interrupted",
    });
  });

  test("while the worker is greeted ends it", async () => {
    const controller = new AbortController();
    const opening = openSession(fakeOptions("silent", "hello", { signal: controller.signal }));
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: "run.interrupted" });
  });
});

test.runIf(process.platform === "linux")("fifty sessions leave no descriptor or process [needs linux]", async () => {
  const controller = new AbortController();
  const once = async (behaviour: string): Promise<number> => {
    const session = await openSession(fakeOptions(behaviour, "run", { signal: controller.signal }));
    await ask(session, "run").catch(() => {});
    await session.close();
    return session.pid;
  };
  await once("good");
  const before = readdirSync("/proc/self/fd").length;
  const pids: number[] = [];
  for (let i = 0; i < 50; i += 1) pids.push(await once(i % 5 === 0 ? "exit" : "good"));
  expect(pids.filter(isRunning)).toEqual([]);
  expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
  expect(process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap")).toEqual([]);
});
