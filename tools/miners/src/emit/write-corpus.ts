import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { CorpusTexts } from "./corpus-texts.ts";

/** What the runtime reads comes last: until then its hash of the reviewed rules tells that they belong together. */
const IN_ORDER: readonly (keyof CorpusTexts)[] = [
  "ledger.json",
  "quarantine.yaml",
  "invariants.proposed.yaml",
  "invariants.validated.yaml",
  "invariants.json",
];

/** Writes a corpus; each file is the old or the new one, never a part. @throws LemError `io.*` */
export async function writeCorpus(folder: string, texts: CorpusTexts): Promise<void> {
  for (const name of IN_ORDER) await writeFileAtomic(join(folder, name), texts[name]);
}

/** The hash of the inputs that a folder's corpus was mined from; undefined where there is none, or not a whole one. */
export function minedInputs(folder: string): string | undefined {
  if (!IN_ORDER.every((name) => existsSync(join(folder, name)))) return undefined;
  const head = readFileSync(join(folder, "invariants.proposed.yaml"), "utf8").slice(0, 2000);
  return /^inputs_sha256: "?([0-9a-f]{64})/m.exec(head)?.[1];
}
