import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** The folders lem writes to, besides the results folder that the user chooses. */
export interface LemPaths {
  /** Model files: downloads, conversions, generated models. */
  readonly models: string;
  /** Virtual environments that `lem engines install` makes. */
  readonly engines: string;
  /** Python sources of engines, by exact version, that the miner reads. */
  readonly sources: string;
  /** Locks of this machine's devices. */
  readonly locks: string;
  /** What this machine's devices draw at rest, by device. */
  readonly idlePower: string;
  /** The user's defaults. */
  readonly userFile: string;
}

/** Environment variables, as far as they are set. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds lem's folders: `LEM_CACHE` or `XDG_CACHE_HOME`/lem or ~/.cache/lem, and `LEM_CONFIG` or
 * `XDG_CONFIG_HOME`/lem/config.yaml or ~/.config/lem/config.yaml. Users who share a machine share its locks by one
 * `LEM_LOCKS`. All are absolute: workers run in other folders. An empty variable counts as unset, and so does a
 * relative XDG one, as its specification asks.
 */
export function lemPaths(env: Env): LemPaths {
  const home = given(env["HOME"]) ?? homedir();
  const cache = given(env["LEM_CACHE"]) ?? join(absolute(env["XDG_CACHE_HOME"]) ?? join(home, ".cache"), "lem");
  const config =
    given(env["LEM_CONFIG"]) ?? join(absolute(env["XDG_CONFIG_HOME"]) ?? join(home, ".config"), "lem", "config.yaml");
  return {
    models: resolve(cache, "models"),
    engines: resolve(cache, "engines"),
    sources: resolve(cache, "sources"),
    locks: resolve(given(env["LEM_LOCKS"]) ?? join(cache, "locks")),
    idlePower: resolve(cache, "idle-power"),
    userFile: resolve(config),
  };
}

const given = (value: string | undefined): string | undefined => (value === "" ? undefined : value);
const absolute = (value = ""): string | undefined => (isAbsolute(value) ? value : undefined);
