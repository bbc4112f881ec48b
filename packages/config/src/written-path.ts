import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { markAt, stringAt, type Located, type Path } from "./yaml/located.ts";

/** The absolute path that a text names when it is written in a file; without a file it counts from the working directory. */
export const absoluteFrom = (file: string | null, written: string, cwd: string): string =>
  resolve(cwd, file === null ? "." : dirname(file), written);

/** An absolute path as shown and stored: relative to the working directory if it lies below, so that it means the same elsewhere. */
export function portable(absolute: string, cwd: string): string {
  const inside = relative(cwd, absolute);
  return inside === "" || isOutside(inside) ? absolute : inside;
}

/** True for a relative path that leads out of where it starts. */
export const isOutside = (path: string): boolean => path === ".." || path.startsWith("../") || isAbsolute(path);

/** The name under which a file that another file names is shown: relative exactly when the naming file's own name is. */
export const displayFrom = (file: string | null, written: string): string =>
  isAbsolute(written) ? written : join(file === null ? "." : dirname(file), written);

/** The absolute path that stands in a field, counted from the file that holds the field; undefined where no text stands. */
export function pathInField(root: Located, field: Path, cwd: string): string | undefined {
  const written = stringAt(root, field);
  return written === undefined ? undefined : absoluteFrom(markAt(root, field, "value").file, written, cwd);
}
