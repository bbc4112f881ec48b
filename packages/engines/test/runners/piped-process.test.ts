import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { startPiped, type PipedCommand, type PipedProcess } from "../../src/runners/piped-process.ts";

/** Starts a small Node program. */
async function started(program: string, more: Partial<PipedCommand> = {}): Promise<PipedProcess> {
  const command = { file: process.execPath, args: ["-e", program], env: {}, what: "the program", hint: "none" };
  return startPiped({ ...command, cleanUp: () => Promise.resolve(), ...more });
}

const ECHO = `require("readline").createInterface({input: process.stdin}).on("line", (line) => console.log("<" + line + ">"))`;

describe("startPiped", () => {
  it("answers line by line, and ends when its input does", async () => {
    const lines: string[] = [];
    let cleaned = 0;
    const piped = await started(ECHO, { cleanUp: () => Promise.resolve(void (cleaned += 1)) });
    piped.onLine((line) => void lines.push(line));
    piped.send("a");
    piped.send("b");
    await expect.poll(() => lines).toEqual(["<a>", "<b>"]);
    expect(await piped.close()).toEqual({ exitCode: 0, signal: null, said: "" });
    piped.send("too late");
    expect([lines, cleaned]).toEqual([["<a>", "<b>"], 1]);
  });

  it("keeps the end of what is said on stderr, and tells how it ended", async () => {
    const piped = await started(`process.stderr.write("x".repeat(50000) + "last", () => process.exit(3))`);
    piped.onLine(() => {});
    const { exitCode, said } = await piped.ended;
    expect([exitCode, said.length, said.endsWith("last")]).toEqual([3, 16 * 1024, true]);
  });

  it("kills one that does not end", async () => {
    const piped = await started("setInterval(() => {}, 1000)");
    piped.onLine(() => {});
    expect(await piped.close()).toMatchObject({ exitCode: null, signal: "SIGKILL" });
  });

  it("kills the whole group", async () => {
    const child = `setInterval(() => {}, 1000)`;
    const program = `const {pid} = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); console.log(pid)`;
    const piped = await started(`${program}; setInterval(() => {}, 1000)`);
    const pid = await new Promise<number>((resolve) => piped.onLine((line) => resolve(Number(line))));
    await piped.kill();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("tells of a program that is not there, and cleans up", async () => {
    let cleaned = 0;
    const cleanUp = () => Promise.resolve(void (cleaned += 1));
    await expect(started("", { file: "/nowhere/program", cleanUp })).rejects.toMatchObject({
      code: "worker.spawn",
      hint: "none",
    });
    expect(cleaned).toBe(1);
  });
});

/** Nobody reaps orphans in many containers: a zombie is no living process. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z\s]/.test(stdout.trim());
}
