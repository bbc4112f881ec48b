import { isLemError } from "@lem/domain";
import type { Target } from "../targets/target.ts";
import { folderTree } from "./folder.ts";
import type { SourceTree } from "./source-tree.ts";
import { wheelTree } from "./wheel.ts";

/** Which sources are wanted. */
export interface SourceRequest {
  readonly target: Target;
  readonly version: string;
  /** A folder that holds the package, instead of the package index. */
  readonly folder?: string;
  readonly sourcesDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * The Python files of an engine version, from a folder or from the first of its packages that has them.
 * @throws LemError `mine.source-missing`, `mine.source-corrupt`, `io.*`, `run.interrupted`
 */
export async function findSource(request: SourceRequest): Promise<SourceTree> {
  const { target, version, folder } = request;
  const [first = target.root, ...others] = target.packages;
  if (folder !== undefined) return folderTree({ folder, version, package: first, root: target.root });
  const fetchOf = (name: string): Promise<SourceTree> => wheelTree({ ...request, package: name, root: target.root });
  try {
    return await fetchOf(first);
  } catch (error) {
    if (!isLemError(error, "mine.source-missing")) throw error;
    for (const other of others) {
      const found = await fetchOf(other).catch(() => undefined);
      if (found !== undefined) return found;
    }
    throw error;
  }
}
