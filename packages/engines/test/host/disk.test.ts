import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freeBytes } from "../../src/host/disk.ts";

test("a folder that does not exist yet has the room of the one above it", async () => {
  const { bavail, bsize } = await statfs(tmpdir());
  const free = await freeBytes(join(tmpdir(), "not", "there", "yet"));
  expect(Math.abs(free - bavail * bsize)).toBeLessThan(1024 ** 3);
  expect(free).toBeGreaterThan(0);
});

test("a path through a file is refused", async () => {
  await expect(freeBytes(join(import.meta.filename, "below"))).rejects.toMatchObject({ code: "io.failed" });
});
