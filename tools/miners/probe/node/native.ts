import { writeFileSync } from "node:fs";
import type { Package, Place } from "./places.ts";

type Callable = (this: unknown, ...args: readonly unknown[]) => unknown;

/**
 * Watches the entries into native code from now on: what fails behind them has no frames of its own, and what ends the
 * process tells nothing at all.
 */
export class NativeWatch {
  readonly #engine: Package;
  readonly #file: string | undefined;
  #last: readonly Place[] = [];

  /** With a file, each entry is noted there first. */
  constructor(engine: Package, file: string | undefined) {
    this.#engine = engine;
    this.#file = file;
    const open = process.dlopen.bind(process);
    process.dlopen = (holder: object, ...others) => {
      open(holder, ...(others as [string]));
      this.#watch((holder as { exports: Record<string, unknown> }).exports);
    };
  }

  /** The engine's frames at the last entry since it was forgotten. */
  get last(): readonly Place[] {
    return this.#last;
  }

  forget(): void {
    this.#last = [];
  }

  #watch(exports: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(exports)) if (isClass(value)) exports[name] = this.#subclass(value);
  }

  /** Methods of native classes cannot be replaced, but those of a class beneath come first. */
  #subclass(native: new (...args: never) => object): unknown {
    const watched = class extends native {};
    const note = (): void => this.#note();
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(native.prototype)))
      if (typeof value === "function" && name !== "constructor")
        Object.defineProperty(watched.prototype, name, {
          value(this: unknown, ...args: unknown[]): unknown {
            note();
            return Reflect.apply(value as Callable, this, args);
          },
        });
    return watched;
  }

  #note(): void {
    const frames = this.#engine.here();
    if (frames.length === 0) return;
    this.#last = frames;
    if (this.#file !== undefined) writeFileSync(this.#file, JSON.stringify(frames));
  }
}

const isClass = (value: unknown): value is new (...args: never) => object =>
  typeof value === "function" && typeof value.prototype === "object";
