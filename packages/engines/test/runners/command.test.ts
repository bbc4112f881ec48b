import { setTimeout as wait } from "node:timers/promises";
import { isLemError } from "@lem/domain";
import { describe, expect, test } from "vitest";
import { runCommand, toolEnvironment } from "../../src/runners/command.ts";
import { isRunning } from "../fixtures/open-fake.ts";

const node = (script: string, more: object = {}): ReturnType<typeof runCommand> =>
  runCommand({ file: process.execPath, args: ["-e", script], env: {}, ...more });

/** A program that starts another, prints its pid, and ends. */
const leaving = (options: object): string =>
  `const child = require("node:child_process").spawn("/bin/sleep", ["60"], ${JSON.stringify(options)});
  child.unref(); process.stdout.write(String(child.pid), () => process.exit());`;

describe("runCommand", () => {
  test("returns exit code, stdout and the end of stderr", async () => {
    const outcome = await node(
      `process.stdout.write("out"); process.stderr.write("x".repeat(20000) + "end"); process.exitCode = 3`,
    );
    expect(outcome).toMatchObject({ exitCode: 3, signal: null, stdout: "out" });
    expect(outcome.stderrTail).toHaveLength(16_384);
    expect(outcome.stderrTail.endsWith("xend")).toBe(true);
  });

  test("gives the program exactly the environment it was given", async () => {
    const outcome = await node("process.stdout.write(JSON.stringify(process.env))", { env: { ONLY: "this" } });
    expect(JSON.parse(outcome.stdout)).toEqual({ ONLY: "this" });
  });

  test("passes arguments without a shell", async () => {
    const outcome = await runCommand({ file: process.execPath, args: ["-p", "process.argv[1]", "$(id) ; *"], env: {} });
    expect(outcome.stdout).toBe("$(id) ; *\n");
  });

  test("reports lines while the program runs", async () => {
    const lines: string[] = [];
    await node(`console.log("a\\nb"); console.error("c")`, { onLine: (line: string) => lines.push(line) });
    expect(lines.toSorted()).toEqual(["a", "b", "c"]);
  });

  test("a program that does not exist is worker.spawn", async () => {
    await expect(runCommand({ file: "/nowhere/program", args: [], env: {} })).rejects.toSatisfy((e) =>
      isLemError(e, "worker.spawn"),
    );
  });

  test("a raised signal ends the program and what it started, even when SIGTERM is ignored", async () => {
    const grandchild = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("pid " + process.pid)`;
    const parent = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); setInterval(() => {}, 1000)`;
    const abort = new AbortController();
    let pid = 0;
    const onLine = (line: string): void => {
      pid = Number(line.split(" ")[1]);
      abort.abort();
    };
    await expect(node(parent, { signal: abort.signal, onLine })).rejects.toSatisfy((e) =>
      isLemError(e, "run.interrupted"),
    );
    for (let tries = 0; isRunning(pid) && tries < 50; tries += 1) await wait(100);
    expect(pid).toBeGreaterThan(0);
    expect(isRunning(pid)).toBe(false);
  });

  test("what cannot be an argument of a program is worker.spawn", async () => {
    await expect(node("\0")).rejects.toSatisfy((e) => isLemError(e, "worker.spawn"));
  });

  test("leaves nothing of its group running", async () => {
    const { stdout } = await node(leaving({ detached: false, stdio: "ignore" }));
    for (let tries = 0; isRunning(Number(stdout)) && tries < 50; tries += 1) await wait(100);
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(isRunning(Number(stdout))).toBe(false);
  });

  test("does not wait for a process that left the group with the pipes", async () => {
    const { stdout } = await node(leaving({ detached: true, stdio: "inherit" }));
    expect(isRunning(Number(stdout))).toBe(true);
    process.kill(Number(stdout), "SIGKILL");
  });
});

test("toolEnvironment keeps paths and proxies and drops tokens", () => {
  const env = {
    PATH: "/bin",
    HTTPS_PROXY: "p",
    PIP_INDEX_URL: "i",
    HF_TOKEN: "secret",
    AWS_SECRET_ACCESS_KEY: "s",
    EMPTY: undefined,
  };
  expect(toolEnvironment(env)).toEqual({ PATH: "/bin", HTTPS_PROXY: "p", PIP_INDEX_URL: "i" });
});
