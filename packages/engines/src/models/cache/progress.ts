import type { Emit } from "@lem/domain";

const EVERY_MS = 100;

/** Counts the bytes of one download and tells about them at most ten times a second, and at its end. */
export class ProgressMeter {
  readonly #emit: Emit;
  readonly #name: string;
  readonly #total: number | null;
  #received = 0;
  #told = Number.NEGATIVE_INFINITY;

  constructor(emit: Emit, name: string, total: number | null) {
    this.#emit = emit;
    this.#name = name;
    this.#total = total;
  }

  /** More bytes are here; negative when some have to be fetched again. */
  add(bytes: number): void {
    this.set(this.#received + bytes);
  }

  /** So many bytes are here. */
  set(received: number): void {
    this.#received = received;
    const now = performance.now();
    if (received !== this.#total && now - this.#told < EVERY_MS) return;
    this.#told = now;
    this.#emit({ type: "download-progress", name: this.#name, received_b: received, total_b: this.#total });
  }
}
