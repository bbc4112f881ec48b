import { describe, expect, test } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import { ask, BODIES, fakeOptions, isRunning, open, PATIENT } from "../fixtures/open-fake.ts";

describe("a session with a good worker", () => {
  test("asks every operation and passes events on in order", async () => {
    const session = await open(fakeOptions("good", "run"));
    const events: WorkerEvent[] = [];
    expect(session.hello).toMatchObject({ engine: "fake", pid: session.pid });
    expect(await session.request("describe", {})).toMatchObject({ engine_version: "1.0" });
    expect((await session.request("load", BODIES.load)).effective).toEqual(BODIES.load.sections);
    expect(await session.request("configure", BODIES.configure)).toEqual({ effective: BODIES.configure.sections });
    expect(await session.request("tokenize", BODIES.tokenize)).toEqual({ ids: [[0x68, 0xc3, 0xa9]] });
    expect(await session.request("run", BODIES.run, (event) => events.push(event))).toMatchObject({ end_ns: 2000 });
    expect(events.map((event) => event.event)).toEqual(["origin", "submitted", "tokens", "finished"]);
    expect(events[2]).toMatchObject({ r: 0, ids: [0, 1, 2], t_ns: [0, 1, 2] });
    expect(await session.request("unload", {})).toEqual({});
    const outcome = await session.close();
    expect(outcome).toMatchObject({ exitCode: 0, signal: null, killedBy: "nothing", survivors: [] });
    expect(isRunning(session.pid)).toBe(false);
  });

  test("goes on after an error that the engine raised", async () => {
    const session = await open(fakeOptions("raise", "run"));
    await expect(ask(session, "run")).rejects.toMatchObject({
      code: "worker.failed",
      context: { op: "run", engine_error: { type: "ValueError", message: "temperature must be positive" } },
    });
    expect(await ask(session, "unload")).toEqual({});
  });

  test.each([
    ["raise-out-of-memory", "worker.out-of-memory"],
    ["raise-not-supported", "engine.unsupported"],
    ["raise-bad-request", "worker.protocol"],
  ])("tells %s apart", async (behaviour, code) => {
    const session = await open(fakeOptions(behaviour, "load"));
    await expect(ask(session, "load")).rejects.toMatchObject({ code, hint: expect.any(String) });
  });

  test("refuses a second request while one is in progress, and any after close", async () => {
    const session = await open(fakeOptions("slow", "load"));
    const first = ask(session, "load");
    await expect(ask(session, "run")).rejects.toMatchObject({ code: "internal.bug" });
    expect(await first).toMatchObject({ devices: ["cpu"] });
    await session.close();
    await expect(ask(session, "run")).rejects.toMatchObject({ code: "internal.bug" });
  });

  test("takes progress as a sign of life", async () => {
    const session = await open(fakeOptions("alive-while-slow", "load", { deadlines: { ...PATIENT, load_s: 1.5 } }));
    expect(await ask(session, "load")).toMatchObject({ devices: ["cpu"] });
  });

  test("ends when a listener throws, with what it threw", async () => {
    const session = await open(fakeOptions("good", "run"));
    const thrown = ask(session, "run", () => {
      throw new RangeError("no room");
    });
    await expect(thrown).rejects.toMatchObject({ code: "internal.bug", message: expect.stringContaining("no room") });
    expect(isRunning(session.pid)).toBe(false);
  });
});
