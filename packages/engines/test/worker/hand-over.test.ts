import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, fakeOptions, isRunning, open, PATIENT, temporaryFolder } from "../fixtures/open-fake.ts";

test("who takes a worker over ends it by his own signal, and the one before no more", async () => {
  const [before, after] = [new AbortController(), new AbortController()];
  const session = await open(fakeOptions("silent", "run", { signal: before.signal }));
  const logPath = join(temporaryFolder(), "second.txt");
  await session.handOver({ logPath, deadlines: PATIENT, signal: after.signal });
  before.abort();
  expect(await ask(session, "tokenize")).toMatchObject({ ids: [expect.any(Array)] });
  const running = ask(session, "run");
  after.abort();
  await expect(running).rejects.toMatchObject({ code: "run.interrupted" });
  expect([session.isOpen(), isRunning(session.pid)]).toEqual([false, false]);
});

test("a worker that is taken over with an aborted signal is ended", async () => {
  const session = await open(fakeOptions("good", "run"));
  await session.handOver({
    logPath: join(temporaryFolder(), "2.txt"),
    deadlines: PATIENT,
    signal: AbortSignal.abort(),
  });
  await expect(ask(session, "run")).rejects.toMatchObject({ code: "run.interrupted" });
});

test("has his deadlines, and his log", async () => {
  const session = await open(fakeOptions("silent", "run"));
  const logPath = join(temporaryFolder(), "second.txt");
  await session.handOver({ logPath, deadlines: { ...PATIENT, silence_s: 0.5 } });
  const error: unknown = await ask(session, "run").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "worker.silent", context: { log: logPath } });
  expect(readFileSync(logPath, "utf8")).toBe("");
});

test("a log that cannot be opened leaves all as it was", async () => {
  const session = await open(fakeOptions("good", "run"));
  const logPath = join(temporaryFolder(), "nowhere", "log.txt");
  await expect(session.handOver({ logPath, deadlines: PATIENT })).rejects.toMatchObject({ code: "io.failed" });
  expect(await ask(session, "load")).toMatchObject({ devices: ["cpu"] });
});

test("a worker that ended by itself is open no more", async () => {
  const session = await open(fakeOptions("good", "run"));
  expect(session.isOpen()).toBe(true);
  process.kill(session.pid, "SIGKILL");
  await expect.poll(() => session.isOpen()).toBe(false);
});
