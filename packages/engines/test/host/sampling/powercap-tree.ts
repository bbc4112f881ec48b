import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const POWERCAP = "sys/class/powercap";

/** What one zone's folder holds. */
export type Zone = Readonly<{ name: string; energy_uj: number; max_energy_range_uj?: number }>;

/** A powercap tree with the given zones, removed after the test. */
export async function powercapTree(zones: Readonly<Record<string, Zone>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "lem-rapl-"));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [folder, files] of Object.entries(zones)) {
    await mkdir(join(root, POWERCAP, folder), { recursive: true });
    for (const [file, value] of Object.entries(files))
      await writeFile(join(root, POWERCAP, folder, file), `${value}\n`);
  }
  return root;
}

/** The file of a zone's counter. */
export const counterFile = (root: string, folder: string): string => join(root, POWERCAP, folder, "energy_uj");
