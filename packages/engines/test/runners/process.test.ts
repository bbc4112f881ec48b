import { join } from "node:path";
import { once } from "node:events";
import type { WorkerCommand } from "../../src/adapter.ts";
import { expect, onTestFinished, test } from "vitest";
import { processRunner } from "../../src/runners/process.ts";
import type { RunningProcess } from "../../src/runners/runner.ts";
import { isRunning, temporaryFolder } from "../fixtures/open-fake.ts";

/** Runs a JavaScript program. */
async function started(program: string, env: WorkerCommand["env"] = {}): Promise<RunningProcess> {
  const running = await processRunner.start({
    command: { file: process.execPath, args: ["--input-type=module", "--eval", program], env },
    env: { PATH: process.env["PATH"] },
    logPath: join(temporaryFolder(), "log.txt"),
    secrets: [],
    onLogFailure: () => {},
  });
  onTestFinished(async () => {
    running.kill();
    await running.exited;
  });
  return running;
}

const WAIT = "setInterval(() => {}, 1000);";
const READY = 'import { writeSync } from "node:fs"; writeSync(3, "ready");';

test("an outcome says how the process ended", async () => {
  const running = await started('console.log("out"); console.error("err"); process.exitCode = 4;');
  expect(await running.exited).toMatchObject({
    exitCode: 4,
    signal: null,
    killedBy: "nothing",
    stderrTail: "out\nerr",
  });
  expect((await running.exited).durationS).toBeGreaterThan(0);
});

test("descriptor 3 carries the protocol and stdin the requests", async () => {
  const running = await started(
    'import { writeSync } from "node:fs"; process.stdin.on("data", (d) => { writeSync(3, d); process.exit(); });',
    { LEM_TEST: "1" },
  );
  const data = once(running.output, "data");
  running.writeLine("hello");
  expect(String((await data)[0])).toBe("hello\n");
});

test("SIGTERM goes to the group, and SIGKILL after it", async () => {
  const running = await started(`process.on("SIGTERM", () => writeSync(3, "no")); ${READY} ${WAIT}`);
  await once(running.output, "data");
  const refusal = once(running.output, "data");
  running.terminate();
  expect(String((await refusal)[0])).toBe("no");
  running.kill();
  expect(await running.exited).toMatchObject({ signal: "SIGKILL", killedBy: "SIGKILL", survivors: [] });
});

test("a group outlives its leader only until the outcome", async () => {
  const running = await started(
    'import { spawn } from "node:child_process"; import { writeSync } from "node:fs";' +
      'const c = spawn("sleep", ["1000"], { stdio: "inherit" }); writeSync(3, String(c.pid)); process.exit();',
  );
  const [pid] = (await once(running.output, "data")) as [Buffer];
  expect(await running.exited).toMatchObject({ exitCode: 0, survivors: [] });
  expect(isRunning(Number(String(pid)))).toBe(false);
});

test("a stopped process is killed too", async () => {
  const running = await started(READY + WAIT);
  await once(running.output, "data");
  process.kill(running.pid, "SIGSTOP");
  running.kill();
  expect(await running.exited).toMatchObject({ signal: "SIGKILL" });
});

test("writing to a process that has ended is harmless", async () => {
  const running = await started("process.exitCode = 0;");
  for (let i = 0; i < 100; i += 1) running.writeLine("x".repeat(10_000));
  await running.exited;
  running.writeLine("late");
  running.terminate();
  expect(running.logTail()).toBe("");
});
