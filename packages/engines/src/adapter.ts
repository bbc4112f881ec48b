import type { EngineId } from "@lem/domain";

/** How to start a program: no shell is ever involved. */
export interface WorkerCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to a cleaned environment; never a secret that the engine does not need. */
  readonly env: Readonly<Record<string, string>>;
}

/** An engine on this machine: ready, or missing with what to do about it. */
export type EngineInstallation =
  | {
      readonly status: "installed";
      readonly version: string;
      readonly variant: string;
      readonly command: WorkerCommand;
      readonly where: string;
      /** A Python with torch, transformers and gguf: turns GGUF files into folders. */
      readonly converter?: WorkerCommand;
    }
  | { readonly status: "missing"; readonly reason: string; readonly hint: string };

/** Formats that an engine loads. */
export type ModelFormat = "gguf" | "hf-folder";

/** What every engine offers to the layers above; one folder an engine, the same file names. */
export interface EngineAdapter {
  readonly id: EngineId;
  readonly title: string;
  /** Native sections of its part of the YAML, in the engine's own words. */
  readonly sections: readonly string[];
  /** Formats it loads, the best first. */
  readonly formats: readonly ModelFormat[];
  /** True when several groups of requests may be in flight at once. */
  readonly concurrent: boolean;
  /** Looks for the engine without importing it: answers in milliseconds. */
  locate(options: LocateOptions): Promise<EngineInstallation>;
}

/** Where to look for engines. */
export interface LocateOptions {
  /** Folder that `lem engines install` writes to. */
  readonly enginesDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only this version of the engine; default: the current one if it is there, else the newest. */
  readonly version?: string;
}
