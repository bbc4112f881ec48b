import type { Emit } from "@lem/domain";
import type { CliIo } from "../io.ts";
import { isNotice, plainLine } from "./plain.ts";
import { foldProgress, INITIAL_PROGRESS, progressLines } from "./state.ts";

/** Shows events until it is closed. */
export interface ProgressRenderer {
  readonly emit: Emit;
  /** Removes what was drawn in place. */
  readonly close: () => void;
}

/** How progress is shown. */
export type ProgressMode = "live" | "plain" | "ndjson" | "quiet";

/** Chooses by flags and terminal: --quiet, --json, a terminal that can redraw, or plain lines. */
export function progressMode(
  io: CliIo,
  flags: { readonly quiet: boolean; readonly json: boolean; readonly verbose: boolean },
): ProgressMode {
  if (flags.quiet) return "quiet";
  if (flags.json) return "ndjson";
  return io.interactive && !flags.verbose ? "live" : "plain";
}

/** Milliseconds between two drawings of the live line. */
const REDRAW_MS = 100;
const CLEAR_LINE = "\r\u001B[2K";

const LINE_UP = "\u001B[A";

/** Draws lines in place of those drawn before. */
class LiveArea {
  readonly #io: CliIo;
  #drawn = 1;

  constructor(io: CliIo) {
    this.#io = io;
  }

  draw(lines: readonly string[]): void {
    this.#io.stderr.write(`${this.#cleared()}${lines.map((line) => line.slice(0, this.#io.columns - 1)).join("\n")}`);
    this.#drawn = Math.max(lines.length, 1);
  }

  /** Leaves a line for good, above what is drawn next. */
  say(line: string): void {
    this.#io.stderr.write(`${this.#cleared()}${line}\n`);
  }

  clear(): void {
    this.#io.stderr.write(this.#cleared());
  }

  #cleared(): string {
    const lines = `${CLEAR_LINE}${LINE_UP}`.repeat(this.#drawn - 1);
    this.#drawn = 1;
    return `${lines}${CLEAR_LINE}`;
  }
}

function liveRenderer(io: CliIo): ProgressRenderer {
  let state = INITIAL_PROGRESS;
  const area = new LiveArea(io);
  const timer = setInterval(() => area.draw(progressLines(state, Date.now())), REDRAW_MS);
  timer.unref();
  return {
    emit: (event) => {
      state = foldProgress(state, event, Date.now());
      const notice = isNotice(event) ? plainLine(event) : undefined;
      if (notice !== undefined) area.say(notice);
    },
    close: () => {
      clearInterval(timer);
      area.clear();
    },
  };
}

function lineRenderer(io: CliIo, toLine: (event: Parameters<Emit>[0]) => string | undefined): ProgressRenderer {
  return {
    emit: (event) => {
      const line = toLine(event);
      if (line !== undefined) io.stderr.write(`${line}\n`);
    },
    close: () => undefined,
  };
}

/** Opens the renderer of a mode; `quiet` still shows what must be seen. */
export function openProgress(io: CliIo, mode: ProgressMode): ProgressRenderer {
  switch (mode) {
    case "live":
      return liveRenderer(io);
    case "ndjson":
      return lineRenderer(io, (event) => JSON.stringify(event));
    case "plain":
      return lineRenderer(io, plainLine);
    case "quiet":
      return lineRenderer(io, (event) => (isNotice(event) ? plainLine(event) : undefined));
  }
}
