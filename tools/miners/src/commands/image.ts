import { LemError, parseEngineId } from "@lem/domain";
import { buildImage } from "../image/build-image.ts";
import { engineAndVersion, readOptions, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `image --engine E --engine-version V --base IMAGE [--tag NAME]
  --base IMAGE   a docker image that has python3, for mine --image; an engine's own image needs no building
  --tag NAME     what to call the image; lem-probe:E-V unless told
`;

const OPTIONS = {
  engine: { type: "string" },
  "engine-version": { type: "string" },
  base: { type: "string" },
  tag: { type: "string" },
} as const;

/** Builds a docker image that has an engine, and prints its name. */
export const imageCommand: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const values = readOptions(argv, OPTIONS, USAGE);
  const { engine, version } = engineAndVersion(values, USAGE);
  const { base, tag = `lem-probe:${engine}-${version}` } = values;
  if (base === undefined) throw new LemError("cli.usage", "--base is needed", { hint: USAGE });
  const onLine = (line: string): void => io.err(`${line}\n`);
  await buildImage({ engine: parseEngineId(engine), version, base, tag, env: io.env, onLine, signal: io.signal });
  io.out(`${tag}\n`);
  return 0;
}
