import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromSystemError } from "@lem/domain";
import { makeFolder } from "@lem/engines/make-folder";
import type { CorpusTexts } from "./corpus-texts.ts";

/** What the runtime reads comes last: until then its hash of the reviewed rules tells that they belong together. */
const IN_ORDER: readonly (keyof CorpusTexts)[] = [
  "ledger.json",
  "quarantine.yaml",
  "invariants.proposed.yaml",
  "invariants.validated.yaml",
  "invariants.json",
];

/**
 * Writes a corpus: all files into a folder of their own first, then each into its place, so that a full disk or an
 * interruption leaves the old corpus.
 * @throws LemError `io.*`
 */
export async function writeCorpus(folder: string, texts: CorpusTexts): Promise<void> {
  await makeFolder(folder);
  let staging: string | undefined;
  try {
    staging = await mkdtemp(join(folder, ".mined-"));
    for (const name of IN_ORDER) await writeFile(join(staging, name), texts[name], { flush: true });
    for (const name of IN_ORDER) await rename(join(staging, name), join(folder, name));
  } catch (error) {
    throw fromSystemError(error, `writing ${folder}`);
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true });
  }
}

/** The hash of the inputs that a folder's corpus was mined from; undefined where there is none, or not a whole one. */
export function minedInputs(folder: string): string | undefined {
  if (!IN_ORDER.every((name) => existsSync(join(folder, name)))) return undefined;
  const head = readFileSync(join(folder, "invariants.proposed.yaml"), "utf8").slice(0, 2000);
  return /^inputs_sha256: "?([0-9a-f]{64})/m.exec(head)?.[1];
}
