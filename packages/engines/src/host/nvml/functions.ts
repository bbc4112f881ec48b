import type { KoffiFunc, LibraryHandle } from "koffi";

/** A bound C function that answers with its return code. */
export type NvmlFunction = KoffiFunc<(...args: readonly unknown[]) => number>;

/** NVML's code for a function that the library lacks. */
export const FUNCTION_NOT_FOUND = 13;

/** Functions of the library, bound when first used: an older driver may lack some. */
export class NvmlFunctions {
  readonly #library: LibraryHandle;
  readonly #bound = new Map<string, NvmlFunction | undefined>();

  constructor(library: LibraryHandle) {
    this.#library = library;
  }

  /** The function of a name with its C parameter types, or undefined where the library lacks it. */
  get(name: string, types: readonly string[]): NvmlFunction | undefined {
    if (!this.#bound.has(name)) this.#bound.set(name, this.#bind(name, types));
    return this.#bound.get(name);
  }

  #bind(name: string, types: readonly string[]): NvmlFunction | undefined {
    try {
      return this.#library.func(name, "int", [...types]) as NvmlFunction;
    } catch {
      return undefined;
    }
  }
}
