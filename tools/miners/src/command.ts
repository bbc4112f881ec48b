import { isLemError, LemError } from "@lem/domain";
import type { MinerCommand, MinerIo } from "./commands/command.ts";
import { classesCommand } from "./commands/classes.ts";
import { gateCommand } from "./commands/gate.ts";
import { imageCommand } from "./commands/image.ts";
import { inventory } from "./commands/inventory.ts";
import { mineCommand } from "./commands/mine.ts";
import { pinsCommand } from "./commands/pins.ts";
import { refreshCommand } from "./commands/refresh.ts";
import { regenerateCommand } from "./commands/regenerate.ts";
import { replayCommand } from "./commands/replay.ts";
import { scoreCommand } from "./commands/score.ts";
import { walkCommand } from "./commands/walk.ts";

/** Every command by its name. */
const COMMANDS: Readonly<Record<string, MinerCommand>> = {
  inventory,
  walk: walkCommand,
  mine: mineCommand,
  classes: classesCommand,
  image: imageCommand,
  replay: replayCommand,
  score: scoreCommand,
  pins: pinsCommand,
  refresh: refreshCommand,
  regenerate: regenerateCommand,
  gate: gateCommand,
};

const usage = (): string =>
  `usage: node tools/miners/src/cli.ts COMMAND\n\n${Object.values(COMMANDS)
    .map((command) => command.usage)
    .join("\n")}`;

/** Runs the miner's command line; gives the exit code and never throws a {@link LemError}. */
export async function runMiner(argv: readonly string[], io: MinerIo): Promise<number> {
  const [name = "", ...rest] = argv;
  try {
    if (argv.includes("--help")) return say(io, usage());
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined)
      throw new LemError("cli.unknown-command", `there is no command ${name || "(none)"}`, { hint: usage() });
    return await command.run(rest, io);
  } catch (error) {
    if (!isLemError(error)) throw error;
    io.err(`${error.code}: ${error.message}\n${error.hint === undefined ? "" : `hint: ${error.hint}\n`}`);
    return error.exitCode;
  }
}

function say(io: MinerIo, text: string): number {
  io.out(text);
  return 0;
}
