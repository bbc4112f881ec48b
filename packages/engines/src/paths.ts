import { homedir } from "node:os";
import { join } from "node:path";

/** The folders lem writes to, besides the results folder that the user chooses. */
export interface LemPaths {
  /** Model files: downloads, conversions, generated models. */
  readonly models: string;
  /** Virtual environments that `lem engines install` makes. */
  readonly engines: string;
  /** Python sources of engines, by exact version, that the miner reads. */
  readonly sources: string;
  /** The user's defaults. */
  readonly userFile: string;
}

/** Environment variables, as far as they are set. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds lem's folders: `LEM_CACHE` or `XDG_CACHE_HOME`/lem or ~/.cache/lem, and `LEM_CONFIG` or
 * `XDG_CONFIG_HOME`/lem/config.yaml or ~/.config/lem/config.yaml.
 */
export function lemPaths(env: Env): LemPaths {
  const home = env["HOME"] ?? homedir();
  const cache = env["LEM_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(home, ".cache"), "lem");
  const config = env["LEM_CONFIG"] ?? join(env["XDG_CONFIG_HOME"] ?? join(home, ".config"), "lem", "config.yaml");
  return {
    models: join(cache, "models"),
    engines: join(cache, "engines"),
    sources: join(cache, "sources"),
    userFile: config,
  };
}
