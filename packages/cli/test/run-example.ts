import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

/** The repository's experiments to copy. */
export const EXAMPLES_FOLDER: string = new URL("../../../examples", import.meta.url).pathname;

const SCHEMA = new URL("../../study/schema/result.schema.json", import.meta.url);
const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(
  JSON.parse(readFileSync(SCHEMA, "utf8")) as object,
);

/** Files of `examples` for one engine. */
export const examplesOf = (engine: string): readonly string[] =>
  readdirSync(EXAMPLES_FOLDER).filter((name) => name.endsWith(".yaml") && engineOf(name) === engine);

function engineOf(name: string): string | undefined {
  const text = readFileSync(join(EXAMPLES_FOLDER, name), "utf8");
  const base = /^extends: (.+)$/m.exec(text)?.[1];
  return /^engine: (.+)$/m.exec(text)?.[1] ?? (base === undefined ? undefined : engineOf(base));
}

/** What running an example left. */
export interface ExampleRun {
  readonly code: number;
  readonly err: string;
  /** Every `result.json` that was written. */
  readonly results: readonly { readonly file: string; readonly status: unknown; readonly problems: unknown }[];
}

/** Runs an example as a user would, and holds every result file against the published schema. */
export async function runExample(name: string): Promise<ExampleRun> {
  const folder = mkdtempSync(join(tmpdir(), "lem-example-"));
  try {
    symlinkSync(EXAMPLES_FOLDER, join(folder, "examples"));
    const io = captureIo({ cwd: folder, env: process.env });
    const code = await runCli(["run", `examples/${name}`], io);
    const files = readdirSync(join(folder, "results"), { recursive: true, encoding: "utf8" });
    const results = files.filter((file) => file.endsWith("result.json")).map((file) => checked(folder, file));
    return { code, err: io.err(), results };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checked(folder: string, file: string): ExampleRun["results"][number] {
  const result = JSON.parse(readFileSync(join(folder, "results", file), "utf8")) as { status: unknown };
  return { file, status: result.status, problems: validate(result) ? null : structuredClone(validate.errors) };
}
