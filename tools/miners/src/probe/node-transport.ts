import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPiped } from "@lem/engines/piped-process";
import type { Recipe } from "../../probe/node/child.ts";
import type { ProbeTransport } from "./transport.ts";

const MAIN = join(import.meta.dirname, "../../probe/node/main.ts");

/** Runs the probe of packages for Node as a process of this machine, with an empty home that is removed at the end. */
export function nodeTransport(recipe: Recipe, env: Readonly<Record<string, string>> = {}): ProbeTransport {
  const start: ProbeTransport["start"] = async () => {
    const home = await mkdtemp(join(tmpdir(), "lem-probe-"));
    const file = join(home, "recipe.json");
    await writeFile(file, JSON.stringify(recipe));
    return startPiped({
      what: "the probe",
      file: process.execPath,
      args: [MAIN, file],
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: home, TMPDIR: home, LANG: "C.UTF-8", ...env },
      cwd: home,
      hint: "install this program again with its optional dependencies",
      cleanUp: () => rm(home, { recursive: true, force: true }),
    });
  };
  return { start };
}
