/** Memory of the host process while a million tokens pass through session, recorder and readings. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const LIMIT_MIB = 120;
const MIB = 2 ** 20;
const HOST = join(import.meta.dirname, "host-memory-stream.mjs");

/** The host runs in a process of its own, so that the peak is its; the first run fills the compile cache, as any earlier use of lem does. */
export function benchmark() {
  runHost();
  const figures = runHost();
  const value = Math.round(figures.streamed_peak_b / MIB);
  const what = `peak resident MiB of the host while ${figures.output_tokens} tokens pass`;
  return { targets: [{ what, value, limit: `<= ${LIMIT_MIB}`, met: value <= LIMIT_MIB }], ...figures };
}

function runHost() {
  const child = spawnSync(process.execPath, [HOST], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`the host ended with ${child.status}: ${child.stderr}`);
  return JSON.parse(child.stdout);
}
