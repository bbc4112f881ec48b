import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExperimentResult } from "@lem/domain";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

/** What a run of a configuration left. */
export interface ExtraRun {
  readonly code: number;
  /** All that was printed. */
  readonly said: string;
  readonly result: ExperimentResult;
}

const QUICK = `model: builtin:tiny
workload: { n: 1, input_tokens: 8, output_tokens: 4 }
measurement: { windows: 1 }
`;

/** Runs an engine on a little work, with native parameters as YAML. */
export async function runWith(engine: string, native: object): Promise<ExtraRun> {
  const folder = mkdtempSync(join(tmpdir(), "lem-extra-"));
  try {
    writeFileSync(join(folder, "a.yaml"), `engine: ${engine}\n${QUICK}${engine}: ${JSON.stringify(native)}\n`);
    const io = captureIo({ cwd: folder, env: process.env });
    const code = await runCli(["run", "a.yaml"], io);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const [file = "none"] = files.filter((name) => /experiments\/[^/]+\/result\.json$/.test(name));
    const result = JSON.parse(readFileSync(join(folder, file), "utf8")) as ExperimentResult;
    return { code, said: io.out() + io.err(), result };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Paths of the keys of `extra`, as a result marks them. */
export const markedPaths = (engine: string, extra: Readonly<Record<string, object>>): readonly string[] =>
  Object.entries(extra).flatMap(([section, keys]) => Object.keys(keys).map((key) => `${engine}.${section}.${key}`));

/** The codes of a result's findings. */
export const findingCodes = ({ quality }: ExperimentResult): readonly string[] =>
  quality.findings.map(({ code }) => code);
