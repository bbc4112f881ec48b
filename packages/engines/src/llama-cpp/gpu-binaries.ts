import nodeModule from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { existsSync } from "node:fs";
import type { GpuVariant } from "../versions.ts";

const GPU_VARIANTS: readonly GpuVariant[] = ["cuda", "vulkan"];

/** Folder of the binaries for one kind of GPU, which are fetched only on demand. */
export const gpuBinariesFolder = (enginesDir: string, version: string, variant: GpuVariant): string =>
  join(enginesDir, "llama-cpp", `${version}-${variant}`);

/** Those of the folders that are there. */
export const gpuBinariesFolders = (enginesDir: string, version: string): readonly string[] =>
  GPU_VARIANTS.map((variant) => gpuBinariesFolder(enginesDir, version, variant)).filter((folder) => existsSync(folder));

/**
 * Lets this process find the binding's packages of binaries in further folders too. The binding imports them by name,
 * and knows no other way to be told of them.
 */
export function findBinariesIn(folders: readonly string[]): void {
  if (folders.length === 0) return;
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith("@node-llama-cpp/")) return next(specifier, context);
      const folder = folders.find((one) => existsSync(join(one, "node_modules", specifier)));
      if (folder === undefined) return next(specifier, context);
      return next(specifier, { ...context, parentURL: pathToFileURL(join(folder, "package.json")).href });
    },
  });
}
