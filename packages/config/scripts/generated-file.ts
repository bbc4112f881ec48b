import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

/** A file that is made from the schema and committed. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** True when the committed file is what would be generated now. */
export function isFresh({ path, text }: GeneratedFile): boolean {
  try {
    return readFileSync(path, "utf8") === text;
  } catch {
    return false;
  }
}

/** Writes the file, or with `--check` only says whether it is fresh; a stale one makes the process fail. */
export function writeOrCheck(file: GeneratedFile, args: readonly string[]): void {
  const name = relative(process.cwd(), file.path);
  if (!args.includes("--check")) {
    writeFileSync(file.path, file.text);
    console.log(`wrote ${name}`);
  } else if (!isFresh(file)) {
    console.error(`${name} is stale: run pnpm generate`);
    process.exitCode = 1;
  }
}
