import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A prebuilt build of llama.cpp: for processors, or for a kind of GPU. */
export type BindingVariant = "cuda" | "vulkan" | "metal" | "cpu";

/** The binding as it lies on this machine; nothing of it has been imported. */
export interface Binding {
  /** Folder of the package node-llama-cpp. */
  readonly folder: string;
  readonly version: string;
  /** Release of llama.cpp that the binaries were built from. */
  readonly llamaCpp: string | null;
  /** Prebuilt binaries for this platform, the fastest kind first. */
  readonly variants: readonly BindingVariant[];
}

/** The machine for which binaries are looked for. */
export interface BindingPlatform {
  readonly platform: NodeJS.Platform;
  readonly arch: NodeJS.Architecture;
}

/** Where binaries are looked for, and for which machine. */
export interface BindingSearch extends Partial<BindingPlatform> {
  /** Folders besides the binding's own, each with its `node_modules`. */
  readonly folders?: readonly string[];
}

/** Finds the binding and its binaries by reading package files; `undefined` when the package is not there at all. */
export function findBinding(search: BindingSearch = {}): Binding | undefined {
  const { platform = process.platform, arch = process.arch, folders = [] } = search;
  const folder = packageFolder();
  if (folder === undefined) return undefined;
  const version = textField(join(folder, "package.json"), "version");
  if (version === undefined) return undefined;
  return {
    folder,
    version,
    llamaCpp: textField(join(folder, "llama", "llama.cpp.info.json"), "tag") ?? null,
    variants: VARIANTS.filter((variant) => {
      const name = binaryName({ platform, arch }, variant);
      return [...folders, folder].some((place) => hasBinary({ folder: place, version, name }));
    }),
  };
}

/** Name of the package and of the folder in it that hold the binaries of one variant: `linux-x64-cuda`. */
export function binaryName({ platform, arch }: BindingPlatform, variant: BindingVariant): string {
  const system = SYSTEMS[platform] ?? platform;
  const processor = arch === "arm" ? "armv7l" : arch;
  return variant === "cpu" ? `${system}-${processor}` : `${system}-${processor}-${variant}`;
}

const VARIANTS: readonly BindingVariant[] = ["cuda", "metal", "vulkan", "cpu"];
const SYSTEMS: Readonly<Record<string, string>> = { darwin: "mac", win32: "win" };

function packageFolder(): string | undefined {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve("node-llama-cpp"))));
  } catch {
    return undefined;
  }
}

/** The binding itself refuses binaries of another version than its own. */
function hasBinary({ folder, version, name }: { folder: string; version: string; name: string }): boolean {
  try {
    const entry = createRequire(join(folder, "package.json")).resolve(`@node-llama-cpp/${name}`);
    const home = dirname(dirname(entry));
    return textField(join(home, "package.json"), "version") === version && existsSync(addonIn(home, name));
  } catch {
    return false;
  }
}

const addonIn = (home: string, name: string): string => join(home, "bins", name, "llama-addon.node");

function textField(file: string, field: string): string | undefined {
  try {
    const value = (JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>)[field];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
