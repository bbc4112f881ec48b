import { setTimeout as delay } from "node:timers/promises";

const KEPT_LINES = 5;

/** llama.cpp's messages cross threads, and may arrive after the binding has thrown. */
const LATE_MS = 50;

/** What llama.cpp says: all of it goes to stderr, and its errors are kept, for the binding's own messages lack them. */
export class EngineLog {
  #errors: string[] = [];

  /** Takes one message of llama.cpp. */
  write(level: string, text: string): void {
    process.stderr.write(`${text.trimEnd()}\n`);
    if (level !== "error" && level !== "fatal") return;
    if (this.#errors.length < KEPT_LINES) this.#errors.push(text.trim());
  }

  /** Does something with llama.cpp; what it throws says what llama.cpp said about it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#errors = [];
    try {
      return await work();
    } catch (error) {
      await delay(LATE_MS);
      // The class of the error stays the engine's, so its message is completed in place.
      if (error instanceof Error && this.#errors.length > 0) error.message += `: ${this.#errors.join("; ")}`;
      throw error;
    }
  }
}
