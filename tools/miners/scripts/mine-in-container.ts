/**
 * Builds the image of an engine, mines the engine in a container of it, and holds what came out against the committed
 * corpus: `node tools/miners/scripts/mine-in-container.ts ENGINE VERSION BASE`. For a nightly run, as it takes minutes;
 * ends with 1 when a file differs. The image stays (`docker image rm`).
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runMiner } from "../src/command.ts";

const [engine = "", version = "", base = ""] = process.argv.slice(2);
const CORPORA = join(import.meta.dirname, "../../../corpora");
const FILES = [
  "invariants.proposed.yaml",
  "invariants.validated.yaml",
  "invariants.json",
  "quarantine.yaml",
  "ledger.json",
];

/** Runs a command of the miner; gives what it prints. */
async function miner(...argv: readonly string[]): Promise<string> {
  let printed = "";
  const out = (text: string): void => void (printed += text);
  const err = (text: string): void => void process.stderr.write(text);
  const code = await runMiner(argv, { env: process.env, out, err });
  if (code !== 0) process.exit(code);
  return printed;
}

/** The lines that only one of two texts has, some of each. */
function difference(before: string, after: string): readonly string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const only = (lines: readonly string[], others: ReadonlySet<string>, sign: string): readonly string[] =>
    lines.filter((line) => !others.has(line)).map((line) => `  ${sign} ${line.slice(0, 200)}`);
  return [...only(old, new Set(fresh), "-").slice(0, 20), ...only(fresh, new Set(old), "+").slice(0, 20)];
}

if (base === "") throw new Error("usage: mine-in-container.ts ENGINE VERSION BASE");
const which = ["--engine", engine, "--engine-version", version];
const started = performance.now();
const image = (await miner("image", ...which, "--base", base)).trim();
const built = performance.now();
const out = mkdtempSync(join(tmpdir(), "lem-corpora-"));
const [committed, mined] = [join(CORPORA, engine, version), join(out, engine, version)];
cpSync(committed, mined, { recursive: true });
console.log(await miner("mine", ...which, "--image", image, "--out", out, "--force"));
console.log(
  `image: ${((built - started) / 1000).toFixed(0)} s, mined: ${((performance.now() - built) / 1000).toFixed(0)} s`,
);
for (const file of FILES) {
  const [before, after] = [committed, mined].map((folder) => readFileSync(join(folder, file), "utf8"));
  const lines = difference(before ?? "", after ?? "");
  console.log([`${before === after ? "equal" : "DIFFERS"}  ${file}`, ...lines].join("\n"));
  if (before !== after) process.exitCode = 1;
}
rmSync(out, { recursive: true });
