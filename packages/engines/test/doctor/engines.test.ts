import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LemError } from "@lem/domain";
import { diagnose } from "../../src/doctor/diagnose.ts";
import { adapterThat, checkOf, doctorOptions } from "../fixtures/doctor-options.ts";

const INSTALLED = {
  status: "installed",
  version: "5.23.0",
  variant: "cpu",
  where: "/somewhere",
  command: { file: "python", args: [], env: {} },
} as const;

test("an installed engine says its version and place", async () => {
  const options = await doctorOptions({ adapters: [adapterThat(async () => INSTALLED)] });
  const check = checkOf(await diagnose(options, ["engines"]), "engines.transformers");
  expect(check).toMatchObject({ status: "ok", found: "5.23.0 cpu, /somewhere" });
});

test("a missing engine says how to get it", async () => {
  const missing = { status: "missing", reason: "not there", hint: "lem engines install transformers" } as const;
  const options = await doctorOptions({ adapters: [adapterThat(async () => missing)] });
  const check = checkOf(await diagnose(options, ["engines"]), "engines.transformers");
  expect(check).toMatchObject({ status: "missing", why: "not there", todo: "lem engines install transformers" });
});

test("an adapter that fails is one missing engine, the others are still examined", async () => {
  const failing = adapterThat(async () => {
    throw new LemError("io.permission", "may not look", { hint: "ask" });
  });
  const options = await doctorOptions({
    adapters: [failing, { ...adapterThat(async () => INSTALLED), id: "llama-cpp" }],
  });
  const report = await diagnose(options, ["engines"]);
  expect(checkOf(report, "engines.transformers")).toMatchObject({
    status: "missing",
    why: "may not look",
    todo: "ask",
  });
  expect(checkOf(report, "engines.llama-cpp")).toMatchObject({ status: "ok" });
});

test("without a Python on the path, what to install is said", async () => {
  const options = await doctorOptions();
  const report = await diagnose({ ...options, env: { ...options.env, PATH: "" } }, ["engines"]);
  expect(checkOf(report, "engines.python")).toMatchObject({
    status: "missing",
    todo: expect.stringContaining("install"),
  });
});

test("a Docker daemon is asked through its socket", async () => {
  const options = await doctorOptions();
  const socket = (options.env["DOCKER_HOST"] ?? "").slice("unix://".length);
  const asked: (string | undefined)[] = [];
  const daemon = createServer((request, response) => {
    asked.push(request.url);
    response.setHeader("api-version", "1.47").end("OK");
  });
  await new Promise<void>((resolve) => daemon.listen(socket, resolve));
  onTestFinished(() => new Promise<void>((resolve) => daemon.close(() => resolve())));
  const check = checkOf(await diagnose(options, ["engines"]), "engines.docker");
  expect(check).toMatchObject({ status: "ok", found: "daemon with API 1.47" });
  expect(asked).toEqual(["/_ping"]);
});

test("no Docker is missing, and said to be needed for containers only", async () => {
  const check = checkOf(await diagnose(await doctorOptions(), ["engines"]), "engines.docker");
  expect(check).toMatchObject({ status: "missing", why: expect.stringContaining("ENOENT") });
});

test("a remote Docker is no use", async () => {
  const options = await doctorOptions();
  const env = { ...options.env, DOCKER_HOST: "tcp://elsewhere:2375" };
  expect(checkOf(await diagnose({ ...options, env }, ["engines"]), "engines.docker")).toMatchObject({ status: "warn" });
});

test.each(["models", "host"] as const)("%s needs no look at the engines", async (group) => {
  let looked = 0;
  const adapters = [adapterThat(async () => ((looked += 1), INSTALLED))];
  await diagnose(await doctorOptions({ adapters, resultsDir: join("/", "tmp") }), [group]);
  expect(looked).toBe(0);
});
