import { join } from "node:path";
import { isEngineId } from "@lem/domain";
import { readEngineVersions } from "@lem/engines/install";
import { lemPaths } from "@lem/engines/paths";
import type { EnginePlace } from "./engine-place.ts";

/** Another version's environment, in which the Python files of a version are found first. */
export interface BorrowedEnvironment {
  readonly version: string;
  /** Variables that put the files before those of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The environment that engine_versions names for a version without one of its own. */
export function borrowedEnvironment({ target, version, source, env }: EnginePlace): BorrowedEnvironment | undefined {
  const { engine, packages, root } = target;
  const host = isEngineId(engine) ? readEngineVersions(engine).mined_in?.[version] : undefined;
  const folder = source ?? join(lemPaths(env).sources, `${packages[0] ?? root}-${version}`);
  return host === undefined ? undefined : { version: host, env: { PYTHONPATH: folder } };
}
