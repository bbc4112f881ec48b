import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** A page that is made from the miner and the corpora, and committed. */
export interface GeneratedPage {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Writes pages; with `--check` only says which ones are stale, and makes the process fail. */
export function writeOrCheck(pages: readonly GeneratedPage[], args: readonly string[]): void {
  for (const { path, text } of pages) {
    const file = join(ROOT, path);
    const isFresh = existsSync(file) && readFileSync(file, "utf8") === text;
    if (args.includes("--check")) {
      if (isFresh) continue;
      console.error(`${relative(process.cwd(), file)} is stale: run pnpm generate`);
      process.exitCode = 1;
    } else if (!isFresh) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`wrote ${path}`);
    }
  }
}

/** Text for a cell of a table. */
export const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** A table in Markdown. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
