import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLemError, type ErrorCode, type LemEvent } from "@lem/domain";
import { onTestFinished } from "vitest";
import type { ModelRequest } from "../../src/models/request.ts";

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lem-models-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A request that reaches nothing but what the test names, with the events it emits. */
export async function requestIn(
  more: Partial<ModelRequest> = {},
): Promise<{ request: ModelRequest; events: LemEvent[] }> {
  const events: LemEvent[] = [];
  const folder = await temporaryFolder();
  const request: ModelRequest = {
    model: "builtin:tiny",
    formats: ["gguf"],
    modelsDir: join(folder, "models"),
    env: { PATH: process.env["PATH"] ?? "", HF_ENDPOINT: "http://127.0.0.1:1" },
    emit: (event) => events.push(event),
    cwd: folder,
    pip: null,
    ...more,
  };
  return { request, events };
}

/** A check that an error is a LemError of one code; another error is thrown, so that its stack is seen. */
export const hasCode =
  (code: ErrorCode) =>
  (error: unknown): boolean => {
    if (!isLemError(error, code)) throw error;
    return true;
  };
