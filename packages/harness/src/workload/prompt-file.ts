import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { LemError, type Place } from "@lem/domain";
import { textLines, type TextLine } from "./text-lines.ts";

/** Fields that hold the prompt of a JSON line, in the order in which they are looked for. */
export const PROMPT_FIELDS = ["prompt", "text", "instruction", "input", "question"] as const;

/** A prompt file as the configuration names it. */
export interface PromptFile {
  readonly path: string;
  /** Field of the JSON lines; detected on the first line when absent. */
  readonly field?: string;
}

/** Answers the prompt of a line, or undefined for a line without one. */
type LineReader = (line: TextLine) => string | undefined;

/**
 * Reads the first `limit` prompts of a file: `.txt` has one a non-empty line, `.jsonl` one object a non-empty line.
 * @throws LemError `workload.file` with file and line, `workload.no-prompts`
 */
export async function readPromptFile(file: PromptFile, limit: number): Promise<readonly string[]> {
  const read = lineReader(file);
  const prompts: string[] = [];
  try {
    await refuseFolder(file.path);
    for await (const line of textLines(file.path)) {
      const prompt = line.text.trim() === "" ? undefined : read(line);
      if (prompt !== undefined) prompts.push(prompt);
      if (prompts.length >= limit) break;
    }
  } catch (error) {
    throw unreadable(file.path, error);
  }
  if (prompts.length > 0) return prompts;
  throw new LemError("workload.no-prompts", "the prompt file holds no prompts", {
    hint: "write one prompt a line, or use workload.prompts: builtin",
    place: { file: file.path },
  });
}

function lineReader(file: PromptFile): LineReader {
  const extension = extname(file.path).toLowerCase();
  if (extension === ".txt") return textReader(file.path);
  if (extension === ".jsonl") return jsonReader(file);
  throw new LemError("workload.file", `a prompt file ends in .txt or .jsonl, not "${extension}"`, {
    hint: "one prompt a line in .txt, or one JSON object a line in .jsonl",
    place: { file: file.path },
  });
}

function textReader(path: string): LineReader {
  return ({ number, text }) => {
    if (text.includes("\0")) throw notText(path, { line: number });
    return text.trim();
  };
}

function jsonReader(file: PromptFile): LineReader {
  let field = file.field;
  return ({ number, text }) => {
    const place = { file: file.path, line: number };
    const object = parseObject(text, place);
    field ??= PROMPT_FIELDS.find((name) => typeof object[name] === "string");
    const prompt = field === undefined ? undefined : object[field];
    if (typeof prompt === "string") return prompt.trim() === "" ? undefined : prompt;
    const wanted =
      field === undefined ? `none of the fields ${PROMPT_FIELDS.join(", ")}` : `no text in field "${field}"`;
    throw new LemError("workload.file", `the line has ${wanted}; its fields are ${Object.keys(object).join(", ")}`, {
      hint: "name the field with workload.prompts.field",
      place,
    });
  };
}

function parseObject(text: string, place: Place): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new LemError("workload.file", `the line is not JSON: ${said}`, {
      hint: "each line of a .jsonl file is one complete JSON object",
      place,
      cause: error,
    });
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new LemError("workload.file", "the line is JSON but no object", {
    hint: 'each line is an object such as {"prompt": "..."}',
    place,
  });
}

async function refuseFolder(path: string): Promise<void> {
  const found = await stat(path);
  if (found.isFile()) return;
  throw new LemError(
    "workload.file",
    found.isDirectory() ? "a folder was given as prompt file" : "this is no regular file",
    {
      hint: "name the .txt or .jsonl file itself",
      place: { file: path },
    },
  );
}

const notText = (path: string, at: Place): LemError =>
  new LemError("workload.file", "the prompt file is not UTF-8 text", {
    hint: "save it as UTF-8, one prompt a line",
    place: { file: path, ...at },
  });

function unreadable(path: string, error: unknown): LemError {
  if (error instanceof LemError) return error;
  if (error instanceof TypeError) return notText(path, {});
  const errno = (error as NodeJS.ErrnoException | null)?.code ?? "";
  const said = error instanceof Error ? error.message : String(error);
  return new LemError(
    "workload.file",
    errno === "ENOENT" ? "the prompt file does not exist" : `it cannot be read: ${said}`,
    {
      hint: "check workload.prompts; a path counts from the folder of the file that names it, of a flag from where lem was started",
      place: { file: path },
      cause: error,
      context: { errno },
    },
  );
}
