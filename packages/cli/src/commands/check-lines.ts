import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { CheckLines, loadCorpus } from "@lem/config/corpus";
import { fromSystemError, LemError, parseEngineId } from "@lem/domain";
import type { CliContext } from "../context.ts";
import type { CheckFlags } from "../routes/flags.ts";
import type { CliIo } from "../io.ts";
import { machineProfile } from "../machine-profile.ts";

/** `lem check --ndjson`: one configuration a line in, one verdict a line out, as each chunk of input arrives. */
export async function checkLines(context: CliContext, flags: CheckFlags, file?: string): Promise<void> {
  const { io } = context;
  const lines = await openLines(io, flags);
  const input = file === undefined ? io.stdin : createReadStream(resolve(io.cwd, file));
  try {
    await answerAll(io, input, lines);
  } catch (error) {
    if (!io.interrupted.aborted) throw fromSystemError(error, `reading ${file ?? "stdin"}`);
  }
  if (io.interrupted.aborted) return context.finish(130);
  if (lines.malformed > 0) {
    io.stderr.write(`lines without a configuration: ${lines.malformed}; their answers say why in "problem"\n`);
    context.finish(2);
  }
}

async function openLines(
  { stderr, env }: CliIo,
  { engine: name, engineVersion, profile }: CheckFlags,
): Promise<CheckLines> {
  if (name === undefined)
    throw new LemError("cli.usage", "--ndjson needs an engine", { hint: "add --engine vllm, for example" });
  const engine = parseEngineId(name);
  const found = await loadCorpus(engine, { version: engineVersion, root: env["LEM_CORPORA"] });
  const asked = engineVersion === undefined ? engine : `${engine} ${engineVersion}`;
  if (found.status === "missing")
    throw new LemError("config.corpus-missing", `there are no rules for ${asked}`, {
      hint: "lem doctor corpus lists what there is",
    });
  const other = found.status === "other-version";
  if (other) stderr.write(`warning: there are no rules for ${asked}: those of ${found.version} are used\n`);
  const otherVersion = other ? found.version : undefined;
  return new CheckLines({ rules: found.rules, profile: profile ?? (await machineProfile()), otherVersion });
}

/** No configuration is longer; without a bound a stream without line ends would fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

async function answerAll(
  { stdout, interrupted }: CliIo,
  input: AsyncIterable<Uint8Array>,
  lines: CheckLines,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of input) {
    if (interrupted.aborted) return;
    const complete = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = complete.pop() ?? "";
    write(stdout, complete, lines);
    if (rest.length > LONGEST_LINE) throw new LemError("config.syntax", "a line is longer than 16 MiB");
  }
  write(stdout, [rest + decoder.decode()], lines);
}

function write(stdout: CliIo["stdout"], texts: readonly string[], lines: CheckLines): void {
  const answers = texts.filter((text) => text.trim() !== "").map((text) => `${lines.answer(text)}\n`);
  if (answers.length > 0) stdout.write(answers.join(""));
}
