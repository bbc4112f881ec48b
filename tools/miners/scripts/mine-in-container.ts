/**
 * Builds the image of an engine, mines the engine in a container of it, and holds what came out against the committed
 * corpus: `node tools/miners/scripts/mine-in-container.ts ENGINE VERSION BASE`. For a nightly run, as it takes minutes;
 * ends with 1 when a file differs. The image stays (`docker image rm`).
 */
import { runMiner } from "../src/command.ts";

const [engine = "", version = "", base = ""] = process.argv.slice(2);

/** Runs a command of the miner; gives what it prints, and how long it took. */
async function miner(...argv: readonly string[]): Promise<string> {
  const started = performance.now();
  let printed = "";
  const out = (text: string): void => {
    printed += text;
    process.stdout.write(text);
  };
  const err = (text: string): void => void process.stderr.write(text);
  const code = await runMiner(argv, { env: process.env, out, err });
  console.log(`${argv[0]}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  if (code !== 0) process.exit(code);
  return printed;
}

if (base === "") throw new Error("usage: mine-in-container.ts ENGINE VERSION BASE");
const which = ["--engine", engine, "--engine-version", version];
const image = (await miner("image", ...which, "--base", base)).trim();
await miner("regenerate", ...which, "--image", image);
