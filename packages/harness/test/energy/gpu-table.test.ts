import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openNvml } from "@lem/engines/host";

const ROOT = join(import.meta.dirname, "../../../..");

interface Row {
  readonly row: string;
  readonly targets: readonly {
    readonly met: boolean | null;
    readonly value: number | null;
    readonly device?: string;
    readonly unavailable?: string;
  }[];
}

test(
  "pnpm bench:gpu says of every row what was measured on which board, or why nothing was",
  { timeout: 240_000 },
  async () => {
    const opening = await openNvml();
    if (opening.status === "open") return opening.nvml.close();
    const folder = mkdtempSync(join(tmpdir(), "lem-gpu-table-"));
    try {
      const env = { ...process.env, BENCH_RESULTS: folder };
      const run = (script: string): string =>
        spawnSync(process.execPath, [join(ROOT, "bench/gpu", script), folder], { encoding: "utf8", env }).stdout;
      const shown = run("table.mjs");
      expect(shown).toContain(`unavailable here: ${opening.detail}`);
      expect(run("live.mjs")).toContain("unavailable");

      const [name = ""] = readdirSync(folder);
      const { rows } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { readonly rows: readonly Row[] };
      expect(rows).toHaveLength(7);
      for (const { row, targets } of rows) {
        expect(targets, row).not.toHaveLength(0);
        for (const { met, device, unavailable } of targets)
          expect(met === null ? unavailable : device, row).toMatch(/^.+$/);
      }
      expect(rows.filter(({ targets }) => targets[0]?.met === null).length).toBeGreaterThan(0);
      const intervals = rows.find(({ row }) => row.includes("95 %"))?.targets.slice(1) ?? [];
      const [held = 0, alarms = 100, steps = 0] = intervals.map(({ value }) => value ?? Number.NaN);
      expect(held).toBeGreaterThanOrEqual(90);
      expect(alarms).toBeLessThanOrEqual(5);
      expect(steps).toBe(100);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
