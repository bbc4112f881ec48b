import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { wheelTree } from "../../src/source/wheel.ts";
import { zipOf } from "./zip.ts";

const hasPip = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;
const CODE = "class Config:\n    pass\n";
const INFO = "lem_probe_package-1.0.dist-info";

const digest = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** A folder with a wheel for pip, and a request that knows no other index. */
function request(recorded = digest(CODE)) {
  const folder = mkdtempSync(join(tmpdir(), "lem-wheel-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const wheel = zipOf({
    "probe/__init__.py": CODE,
    "probe/data.txt": "not code",
    [`${INFO}/METADATA`]: "Metadata-Version: 2.1\nName: lem-probe-package\nVersion: 1.0\n",
    [`${INFO}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${INFO}/RECORD`]: `probe/__init__.py,sha256=${recorded},${CODE.length}\n${INFO}/RECORD,,\n`,
  });
  writeFileSync(join(folder, "lem_probe_package-1.0-py3-none-any.whl"), wheel);
  const env = { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: "/dev/null" };
  return { package: "lem-probe-package", version: "1.0", root: "probe", sourcesDir: join(folder, "sources"), env };
}

describe("wheelTree", () => {
  it.skipIf(!hasPip)(
    "keeps the Python files of the wheel that pip names, and needs pip only once [needs pip]",
    async () => {
      const wanted = request();
      const first = await wheelTree(wanted);
      expect(first.paths).toEqual(["probe/__init__.py"]);
      expect(Buffer.from(first.read("probe/__init__.py")?.bytes ?? []).toString()).toBe(CODE);
      const again = await wheelTree({ ...wanted, env: { PATH: "/nowhere" } });
      expect(again.origin).toEqual(first.origin);
    },
  );

  it.skipIf(!hasPip)(
    "refuses a file that the wheel's own list contradicts, and keeps nothing [needs pip]",
    async () => {
      const wanted = request(digest("other"));
      await expect(wheelTree(wanted)).rejects.toMatchObject({ code: "mine.source-corrupt" });
      expect(readdirSync(join(wanted.sourcesDir, ".."))).not.toContain("sources");
    },
  );

  it.skipIf(!hasPip)("refuses a cached file that was changed [needs pip]", async () => {
    const wanted = request();
    const tree = await wheelTree(wanted);
    writeFileSync(join(wanted.sourcesDir, "lem-probe-package-1.0", "probe/__init__.py"), "x = 1\n");
    expect(() => tree.read("probe/__init__.py")).toThrow(
      expect.objectContaining({ code: "mine.source-corrupt" }) as Error,
    );
  });

  it.skipIf(!hasPip)("says so when the package or its Python files are not there [needs pip]", async () => {
    const wanted = request();
    await expect(wheelTree({ ...wanted, version: "2.0" })).rejects.toMatchObject({ code: "mine.source-missing" });
    await expect(wheelTree({ ...wanted, root: "elsewhere" })).rejects.toMatchObject({ code: "mine.source-missing" });
  });
});
