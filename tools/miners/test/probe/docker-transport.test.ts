import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dockerTransport } from "../../src/probe/docker-transport.ts";
import { openProbe, type EngineProbe, type ProbeOptions } from "../../src/probe/open-probe.ts";
import { mayStartDocker } from "../../../../scripts/test-machine.mjs";
import { startDaemon, type Daemon } from "./docker-daemon.ts";
import { construct, ENGINE_FOLDER, hasPython, openToy, stagesOf } from "./toy.ts";

const LIMITS = { seconds: 2, memoryBytes: 1 << 28 };
const BAD = "toy.bad.Bad";

const transportOf = ({ env, image }: Pick<Daemon, "env" | "image">) =>
  dockerTransport({
    image,
    hostEnv: env,
    env: { PYTHONPATH: "/engine" },
    mounts: { "/engine": ENGINE_FOLDER },
    memoryBytes: 1 << 30,
  });

const openIn = (daemon: Pick<Daemon, "env" | "image">, options: Partial<ProbeOptions> = {}): Promise<EngineProbe> =>
  openProbe({ transport: transportOf(daemon), package: "toy", files: {}, landmarks: [], limits: LIMITS, ...options });

describe("docker that cannot be used", () => {
  it("is told, with what to do", async () => {
    const image = "none";
    await expect(openIn({ env: { PATH: "/nowhere" }, image })).rejects.toMatchObject({ code: "worker.spawn" });
    const hasDocker = spawnSync("docker", ["--version"]).status === 0;
    const env = { PATH: process.env["PATH"], DOCKER_HOST: "unix:///nowhere/socket" };
    await expect(openIn({ env, image })).rejects.toMatchObject({
      code: "worker.spawn",
      message: expect.stringMatching(hasDocker ? /does not answer/ : /not installed/) as string,
      hint: expect.stringContaining("--python") as string,
    });
  });
});

describe.skipIf(!mayStartDocker() || !hasPython)("the probe in a container", () => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startDaemon();
  }, 600_000);
  afterAll(() => daemon.remove(), 60_000);

  it("answers as a process does [needs dockerd]", async () => {
    const requests = [{ size: 3 }, { name: "once" }, { name: "ABC" }, { level: { $py: "float", value: "nan" } }].map(
      (keywords, id) => construct("toy.plain.Plain", keywords, id),
    );
    const inside = await openIn(daemon);
    const outside = await openToy();
    expect(await inside.run(requests)).toEqual(await outside.run(requests));
    expect(inside.hello.files).toEqual({});
    await inside.close();
    expect(daemon.docker("ps", "--all", "--quiet")).toBe("");
  }, 60_000);

  it("has no network, no rights and nothing to write to [needs dockerd]", async () => {
    const probe = await openIn(daemon);
    const answers = await probe.run([
      construct(BAD, { how: "write" }),
      { ...construct(BAD, { how: "look" }), report: "all" },
    ]);
    expect(answers.map((answer) => stagesOf(answer)[0]?.outcome)).toEqual(["returned", "returned"]);
    expect(stagesOf(answers[1])[0]?.state).toMatchObject({ user: 65534, folder: "/tmp", devices: ["lo"] });
    await probe.close();
  }, 60_000);

  it("bears bad constructors, and leaves no container [needs dockerd]", async () => {
    const probe = await openIn(daemon);
    const hows = ["hang", "exit", "memory", "fork-and-leave", "kill-parent", "noise", "good"];
    const answers = await probe.run(hows.map((how, id) => construct(BAD, { how }, id)));
    const kinds = answers.map((answer) => (answer.kind === "lost" ? answer.reason : answer.kind));
    expect(kinds).toEqual(["timeout", "exited", "memory", "done", "done", "done", "done"]);
    await probe.close();
    expect(daemon.docker("ps", "--all", "--quiet")).toBe("");
  }, 60_000);

  it("is no more when the probe was stopped [needs dockerd]", async () => {
    const controller = new AbortController();
    const probe = await openIn(daemon, { signal: controller.signal, limits: { ...LIMITS, seconds: 60 } });
    const running = probe.run([construct(BAD, { how: "hang" })]);
    await sleep(500);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "run.interrupted" });
    await expect.poll(() => daemon.docker("ps", "--all", "--quiet"), { timeout: 10_000 }).toBe("");
  }, 60_000);

  it("needs its image [needs dockerd]", async () => {
    await expect(openIn({ ...daemon, image: "lem-test-none:1" })).rejects.toMatchObject({
      code: "worker.spawn",
      message: expect.stringContaining("lem-test-none:1") as string,
    });
  });

  it("fails in the middle when docker dies, and says so [needs dockerd]", async () => {
    const probe = await openIn(daemon, { limits: { ...LIMITS, seconds: 60 } });
    const running = probe.run([construct(BAD, { how: "hang" })]).catch((error: unknown) => error);
    await sleep(500);
    await daemon.kill();
    expect(await running).toMatchObject({ code: "worker.spawn" });
    await probe.close();
  }, 60_000);
});
