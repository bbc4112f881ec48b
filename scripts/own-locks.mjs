/** Test files run side by side: each has locks of its own, or it would wait for the experiments of the others. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

process.env.LEM_LOCKS = mkdtempSync(join(tmpdir(), "lem-locks-"));
process.on("exit", () => rmSync(process.env.LEM_LOCKS, { recursive: true, force: true }));
