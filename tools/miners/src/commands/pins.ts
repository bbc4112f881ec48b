import { join } from "node:path";
import { javaScriptTargets } from "../javascript/target-file.ts";
import { currentPins, movedPins } from "../refresh/pins.ts";
import { allTargets } from "../targets/targets.ts";
import { readOptions, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `pins [--base COMMIT]
  --base COMMIT  prints, as JSON, the engines whose current version is another than at that commit; all without it
`;

const OPTIONS = { base: { type: "string" } } as const;

const ROOT = join(import.meta.dirname, "../../../..");

/** Says which engines are to be mined, and what a machine needs for it. */
export const pinsCommand: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const { base } = readOptions(argv, OPTIONS, USAGE);
  const engines = [...allTargets(), ...javaScriptTargets()].map(({ engine }) => engine).toSorted();
  const repository = { root: ROOT, env: io.env, signal: io.signal };
  const pins = base === undefined ? await currentPins(ROOT, engines) : await movedPins(repository, engines, base);
  io.out(`${JSON.stringify(pins)}\n`);
  return 0;
}
