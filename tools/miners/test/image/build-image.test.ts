import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parseEngineId } from "@lem/domain";
import { mayStartDocker } from "../../../../scripts/test-machine.mjs";
import { runMiner } from "../../src/command.ts";
import { buildImage, type ImageRequest } from "../../src/image/build-image.ts";
import { dockerBuild } from "../../src/image/docker-build.ts";
import { dockerTransport } from "../../src/probe/docker-transport.ts";
import { openProbe } from "../../src/probe/open-probe.ts";
import { dockerClient } from "../../src/probe/docker-client.ts";
import { allTargets, targetOf } from "../../src/targets/targets.ts";
import { startDaemon, type Daemon } from "../probe/docker-daemon.ts";

const [TARGET = targetOf("vllm")] = allTargets();

const request = (daemon: Pick<Daemon, "env" | "base">, more: Partial<ImageRequest> = {}): ImageRequest => ({
  engine: parseEngineId(TARGET.engine),
  version: "0.0.1",
  base: daemon.base,
  tag: "lem-test-engine:1",
  env: daemon.env,
  onLine: () => {},
  ...more,
});

describe("an image that cannot be built", () => {
  it("needs docker, and says so", async () => {
    const failure = buildImage(request({ env: { PATH: "/nowhere" }, base: "none" }));
    await expect(failure).rejects.toMatchObject({ code: "worker.spawn", message: "docker is not installed" });
  });

  it("needs a base", async () => {
    const said: string[] = [];
    const io = { env: {}, out: () => {}, err: (text: string) => void said.push(text) };
    expect(await runMiner(["image", "--engine", TARGET.engine, "--engine-version", "1.0"], io)).toBe(2);
    expect(said.join("")).toContain("--base is needed");
  });
});

describe.skipIf(!mayStartDocker())("building an image", () => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startDaemon({ megabytes: 1500 });
  }, 600_000);
  afterAll(() => daemon.remove(), 60_000);

  /** A folder to build from, with so many bytes of a package. */
  const contextOf = (bytes: number): string => {
    const folder = mkdtempSync(join(tmpdir(), "lem-context-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ["wheels", "additions"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "wheels", "large"), "");
    truncateSync(join(folder, "wheels", "large"), bytes);
    return folder;
  };

  const builds = (folder: string, signal?: AbortSignal): Promise<void> =>
    dockerBuild({
      docker: dockerClient(daemon.env),
      folder,
      base: daemon.base,
      tag: "lem-test-large:1",
      requirements: [],
      bare: [],
      signal,
    });

  it("refuses a version that lem does not know, before anything is fetched [needs dockerd]", async () => {
    await expect(buildImage(request(daemon))).rejects.toMatchObject({ code: "engine.unsupported" });
  });

  it("needs the base, and Python in it [needs dockerd]", async () => {
    const none = buildImage(request({ ...daemon, base: "lem-test-none:1" }));
    await expect(none).rejects.toMatchObject({ code: "worker.spawn", message: "there is no image lem-test-none:1" });
    const empty = mkdtempSync(join(tmpdir(), "lem-empty-"));
    onTestFinished(() => rmSync(empty, { recursive: true }));
    writeFileSync(join(empty, "file"), "");
    expect(spawnSync("tar", ["-C", empty, "-cf", join(empty, "tar"), "file"]).status).toBe(0);
    daemon.docker("import", join(empty, "tar"), "lem-test-empty:1");
    const without = buildImage(request({ ...daemon, base: "lem-test-empty:1" }));
    await expect(without).rejects.toMatchObject({ code: "engine.python-missing" });
    expect(daemon.docker("ps", "--all", "--quiet")).toBe("");
  }, 60_000);

  it("tells of a full disk, and keeps nothing of the image [needs dockerd]", async () => {
    const { bavail, bsize } = statfsSync(daemon.folder);
    await expect(builds(contextOf(bavail * bsize))).rejects.toMatchObject({ code: "io.disk-full" });
    expect(daemon.docker("images", "--quiet", "lem-test-large:1")).toBe("");
    expect(daemon.docker("ps", "--all", "--quiet")).toBe("");
  }, 120_000);

  it("starts no probe on a full disk, and says why [needs dockerd]", async () => {
    const filler = join(daemon.folder, "filler");
    for (const bytes of [1 << 26, 1 << 12])
      expect(() => {
        for (;;) appendFileSync(filler, Buffer.alloc(bytes));
      }).toThrow("ENOSPC");
    const transport = dockerTransport({ image: daemon.image, hostEnv: daemon.env });
    const probe = openProbe({ transport, package: "json", files: {}, landmarks: [] });
    await expect(probe).rejects.toMatchObject({
      code: "worker.crashed",
      context: { said: expect.stringMatching(/no space left on device/) as string },
    });
    rmSync(filler);
    expect(daemon.docker("ps", "--all", "--quiet")).toBe("");
  }, 60_000);

  it("stops when it is told to [needs dockerd]", async () => {
    const controller = new AbortController();
    const running = builds(contextOf(1 << 28), controller.signal);
    await sleep(300);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "run.interrupted" });
  }, 60_000);

  it("says so when docker dies on the way [needs dockerd]", async () => {
    const running = builds(contextOf(1 << 28)).catch((error: unknown) => error);
    await sleep(300);
    await daemon.kill();
    expect(await running).toMatchObject({ code: "worker.spawn" });
    expect(existsSync(daemon.folder) && readdirSync(daemon.folder).length > 0).toBe(true);
  }, 60_000);
});
