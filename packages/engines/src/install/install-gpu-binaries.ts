import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fromSystemError, isLemError, LemError, type Emit } from "@lem/domain";
import { binaryName, findBinding } from "../llama-cpp/binding.ts";
import { gpuBinariesFolder } from "../llama-cpp/gpu-binaries.ts";
import { makeFolder } from "../make-folder.ts";
import type { Env } from "../paths.ts";
import { runCommand, toolEnvironment } from "../runners/command.ts";
import type { GpuVariant } from "../versions.ts";
import { withLock } from "./lock.ts";

/** How binaries are fetched. */
export interface GpuBinariesOptions {
  readonly enginesDir: string;
  readonly env: Env;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
}

/** Binaries that are ready. */
export interface GpuBinaries {
  readonly engine: "llama-cpp";
  readonly version: string;
  readonly variant: GpuVariant;
  readonly where: string;
}

/**
 * Fetches the build of llama.cpp for a kind of GPU, through npm and in the version of the binding that comes with lem.
 * They are hundreds of megabytes, so this happens only when it is asked for. Nothing half-fetched is kept.
 * @throws LemError `engine.unsupported`, `engine.install-failed`, `io.*`, `run.interrupted`
 */
export async function installGpuBinaries(variant: GpuVariant, options: GpuBinariesOptions): Promise<GpuBinaries> {
  const version = bindingVersion();
  const where = gpuBinariesFolder(options.enginesDir, version, variant);
  const found = { engine: "llama-cpp", version, variant, where } as const;
  const waiting = options.signal === undefined ? {} : { signal: options.signal };
  return withLock(`${where}.lock`, waiting, async () => {
    if (hasVariant(variant, where)) return found;
    const temporary = `${where}.${randomUUID()}.tmp`;
    try {
      await makeFolder(temporary);
      await fetchInto(temporary, { variant, version, options });
      await rm(where, { recursive: true, force: true });
      await rename(temporary, where);
    } catch (error) {
      throw fromSystemError(error, `installing ${where}`);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    return found;
  });
}

function bindingVersion(): string {
  const binding = findBinding();
  if (binding !== undefined) return binding.version;
  throw new LemError("engine.unsupported", "the package node-llama-cpp is not installed");
}

const hasVariant = (variant: GpuVariant, folder: string): boolean =>
  findBinding({ folders: [folder] })?.variants.includes(variant) === true;

async function fetchInto(
  folder: string,
  { variant, version, options }: { variant: GpuVariant; version: string; options: GpuBinariesOptions },
): Promise<void> {
  const name = `@node-llama-cpp/${binaryName(process, variant)}`;
  const names = variant === "cuda" ? [name, `${name}-ext`] : [name];
  const packages = names.map((one) => `${one}@${version}`);
  options.emit({ type: "install-step", engine: "llama-cpp", step: "packages", detail: packages.join(" ") });
  const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const outcome = await runCommand({
    file: "npm",
    args: [...args, "--loglevel=error", ...packages],
    env: { ...toolEnvironment(options.env), ...npmSettings(options.env) },
    cwd: dirname(folder),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }).catch((error: unknown) => {
    if (!isLemError(error, "worker.spawn")) throw error;
    const hint = "npm comes with Node; put it on PATH";
    throw new LemError("engine.install-failed", "npm cannot be started", { hint, cause: error });
  });
  if (outcome.exitCode === 0 && hasVariant(variant, folder)) return;
  const said = /^npm (?:error|ERR!) (?!code )(.+)$/m.exec(outcome.stderrTail)?.[1] ?? `exit code ${outcome.exitCode}`;
  const hint = "check the network; a build exists for CUDA and Vulkan on x64 only";
  throw new LemError("engine.install-failed", `${name} could not be fetched: ${said}`, {
    hint,
    context: { exit_code: outcome.exitCode },
  });
}

/** What says where npm gets packages from; nothing that is secret. */
const npmSettings = (env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && /^npm_config_(registry|cache|cafile|userconfig)$/i.test(entry[0]),
    ),
  );
