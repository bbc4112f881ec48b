import type { Emit } from "@lem/domain";
import type { ModelFormat, WorkerCommand } from "../adapter.ts";
import type { Env } from "../paths.ts";

/** Where models are kept and how the outside world is reached. */
export interface ModelContext {
  /** The cache: {@link LemPaths.models}. */
  readonly modelsDir: string;
  /** Read for `HF_TOKEN`, `HF_ENDPOINT`, `HF_HUB_OFFLINE`, `HOME` and `PATH`; tokens never leave for another program. */
  readonly env: Env;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
  /** How long the hub may take to answer the first question, in milliseconds; default 3,000. */
  readonly hubTimeoutMs?: number;
  /** Python whose pip may download; null for none; left out, `python3` and `python` on `PATH` are tried. */
  readonly pip?: { readonly python: string } | null;
  /** True: nothing is downloaded from anywhere. */
  readonly offline?: boolean;
}

/** A model that is asked for. */
export interface ModelRequest extends ModelContext {
  /** As written by the user. */
  readonly model: string;
  /** What the engine loads, the best first. */
  readonly formats: readonly ModelFormat[];
  /** Folder that relative paths count from. */
  readonly cwd: string;
  /** Seed of dummy weights; default 0. */
  readonly seed?: number;
  /** Python with torch and transformers: turns GGUF into a folder for engines that load nothing else. */
  readonly converter?: WorkerCommand;
  /** False: an alias without a reachable source is an error instead of `builtin:tiny`. Default true. */
  readonly fallback?: boolean;
}
