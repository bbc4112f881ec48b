import { relative } from "node:path";

/** A path as a person would type it: relative to the folder they stand in when it lies below it. */
export function shownPath(cwd: string, path: string): string {
  const inside = relative(cwd, path);
  return inside === "" ? "." : inside.startsWith("..") ? path : inside;
}
