import { createReadStream } from "node:fs";

/** One line of a text file; numbers count from 1. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/**
 * Reads a UTF-8 file line by line without holding it whole; a byte order mark and carriage returns are dropped.
 * @throws TypeError when the bytes are no UTF-8; the system's error when the file cannot be read
 */
export async function* textLines(path: string): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let number = 0;
  for await (const chunk of createReadStream(path)) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield { number: ++number, text: line.replace(/\r$/, "") };
  }
  rest += decoder.decode();
  if (rest !== "") yield { number: number + 1, text: rest };
}
