import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { withLock } from "../../src/install/lock.ts";

function lockPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "lem-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "deep", "engine.lock");
}

describe("a lock file", () => {
  it("is held during the work and gone afterwards, also after a failure", async () => {
    const path = lockPath();
    await withLock(path, {}, async () => expect(existsSync(path)).toBe(true));
    await expect(withLock(path, {}, () => Promise.reject(new Error("work failed")))).rejects.toThrow("work failed");
    expect(existsSync(path)).toBe(false);
  });

  it("lets only one worker in at a time", async () => {
    const path = lockPath();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    };
    await Promise.all([1, 2, 3, 4].map(() => withLock(path, {}, work)));
    expect(most).toBe(1);
  });

  it("is taken over from a dead holder", async () => {
    const path = lockPath();
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    await withLock(path, {}, async () => undefined);
    writeFileSync(path, `${child.pid}\n`);
    expect(await withLock(path, {}, async () => "done")).toBe("done");
  });

  // Elsewhere nothing tells when a process began.
  if (process.platform === "linux") {
    it("is taken over when the holder's pid belongs to another process by now", async () => {
      const path = lockPath();
      await withLock(path, {}, async () => undefined);
      writeFileSync(path, `${process.pid} 1\n`);
      expect(await withLock(path, {}, async () => "done")).toBe("done");
    });
  }

  it("of a living holder is waited for until the signal is raised", async () => {
    const path = lockPath();
    const interrupt = new AbortController();
    await withLock(path, {}, async () => {
      const waited: number[] = [];
      const onWait = (pid: number): void => {
        waited.push(pid);
        interrupt.abort();
      };
      const second = withLock(path, { signal: interrupt.signal, onWait }, async () => "never");
      await expect(second).rejects.toMatchObject({ code: "run.interrupted" });
      expect(waited).toEqual([process.pid]);
    });
  });
});
