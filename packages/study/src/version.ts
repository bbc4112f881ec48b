import { readFileSync } from "node:fs";

/** The version of lem that is recorded in results: all packages are released together. */
export function lemVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
