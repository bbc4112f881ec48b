import { FICTION } from "./fiction.ts";
import { NONFICTION } from "./nonfiction.ts";
import type { Passage } from "./passage.ts";

/** The built-in prompt sets by name; a set never changes under its name, because results are compared by their inputs. */
export const BUILTIN_SETS: ReadonlyMap<string, readonly Passage[]> = new Map([
  ["classics", alternating(FICTION, NONFICTION)],
  ["fiction", FICTION],
  ["nonfiction", NONFICTION],
]);

/** Takes turns between two lists, so that the first few inputs are of both kinds. */
function alternating(a: readonly Passage[], b: readonly Passage[]): readonly Passage[] {
  return a.flatMap((first, index) => [first, ...b.slice(index, index + 1)]);
}
