import { listFieldValues, type Resolution } from "@lem/config";

/** Every field of a resolved experiment as `[path, value, origin]` texts. */
export function fieldRows(resolution: Resolution): [string, string, string][] {
  const unchecked = new Set(resolution.experiment.unchecked);
  return listFieldValues(resolution).map(({ path, value, origin }) => [
    path,
    JSON.stringify(value),
    unchecked.has(path) ? `${origin}, unchecked` : origin,
  ]);
}
