import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import { ask, fakeOptions, open } from "../fixtures/open-fake.ts";

const SECRET = "hf_Sec+ret.é123";

test("a secret reaches neither log, events, error nor outcome", async () => {
  const options = fakeOptions("tell-secrets", "load", { redact: [SECRET] });
  const session = await open({ ...options, command: { ...options.command, env: { HF_TOKEN: SECRET } } });
  const events: WorkerEvent[] = [];
  const error: unknown = await ask(session, "load", (event) => events.push(event)).catch((thrown: unknown) => thrown);
  const outcome = await session.close();
  const log = readFileSync(options.logPath, "utf8");
  expect(log).toBe("token [redacted] end\n");
  expect(events).toEqual([{ event: "warning", message: "using [redacted]" }]);
  expect((error as Error).message).toContain("[redacted]");
  for (const shown of [JSON.stringify(error), String((error as Error).stack), JSON.stringify(outcome)]) {
    expect(shown).not.toContain("Sec+ret");
  }
});

test("a secret among the effective values does not reach the result", async () => {
  const options = fakeOptions("reply-secrets", "load", { redact: [SECRET] });
  const session = await open({ ...options, command: { ...options.command, env: { HF_TOKEN: SECRET } } });
  expect(await ask(session, "load")).toMatchObject({ effective: { load: { token: "[redacted]" } }, load_ns: 1 });
});

test("the worker sees the harmless part of the environment", async () => {
  const env = {
    PATH: process.env["PATH"],
    OMP_NUM_THREADS: "2",
    HF_TOKEN: "a",
    AWS_SECRET_ACCESS_KEY: "b",
    EDITOR: "vi",
  };
  const session = await open(fakeOptions("tell-environment", "load", { env }));
  const seen: string[] = [];
  await ask(session, "load", (event) => void (event.event === "warning" && seen.push(event.message)));
  const names = Object.keys(JSON.parse(seen[0] ?? "{}") as object);
  expect(names).toEqual(expect.arrayContaining(["PATH", "OMP_NUM_THREADS", "LEM_PROTOCOL_FD"]));
  expect(names).not.toEqual(expect.arrayContaining(["HF_TOKEN"]));
  expect(names.filter((name) => /TOKEN|SECRET|EDITOR/.test(name))).toEqual([]);
});
