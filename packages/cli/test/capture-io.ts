import { Readable } from "node:stream";
import type { CliIo } from "../src/io.ts";

/** An io whose output is kept, for tests. */
export interface CapturedIo extends CliIo {
  readonly out: () => string;
  readonly err: () => string;
}

/** Makes an io that keeps what is written. */
export function captureIo(overrides: Partial<CliIo> = {}): CapturedIo {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    stdin: Readable.from([]),
    stdout: { write: (text) => void out.push(text) },
    stderr: { write: (text) => void err.push(text) },
    env: {},
    cwd: import.meta.dirname,
    interactive: false,
    color: false,
    columns: 100,
    interrupted: new AbortController().signal,
    ...overrides,
    out: () => out.join(""),
    err: () => err.join(""),
  };
}
