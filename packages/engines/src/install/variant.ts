import { access } from "node:fs/promises";
import { LemError, type EngineId } from "@lem/domain";
import type { EngineBuild, EngineVariant, EngineVersions } from "../versions.ts";

/** Which build is wanted: one by name, or the one that fits this machine. */
export type WantedVariant = EngineVariant | "auto";

const NVIDIA_DRIVER_FILES = ["/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg"];

/**
 * Chooses the build: a named one, else CUDA where an NVIDIA driver is present, else the one for processors.
 * @throws LemError `engine.unsupported` when the engine has no such build
 */
export async function chooseVariant(
  engine: EngineId,
  versions: EngineVersions,
  wanted: WantedVariant,
): Promise<{ readonly variant: EngineVariant; readonly build: EngineBuild }> {
  const variant = wanted === "auto" ? await fittingVariant() : wanted;
  const build = versions.variants[variant];
  if (build !== undefined) return { variant, build };
  const known = Object.keys(versions.variants);
  throw new LemError("engine.unsupported", `${engine} has no build for ${variant === "cpu" ? "processors" : "CUDA"}`, {
    hint: `its builds: ${known.join(", ")}`,
    context: { engine, variant, known },
  });
}

async function fittingVariant(): Promise<EngineVariant> {
  for (const file of NVIDIA_DRIVER_FILES) if (await exists(file)) return "cuda";
  return "cpu";
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Makes sure that pip can install this version of an engine.
 * @throws LemError `engine.unsupported`
 */
export function refuseUninstallable(engine: EngineId, versions: EngineVersions, version: string): void {
  if (versions.installer === "embedded") {
    throw new LemError("engine.unsupported", `${engine} comes with lem: there is nothing to install`);
  }
  if (versions.installer !== "pip") {
    throw new LemError("engine.unsupported", `this version of lem cannot install ${engine}`);
  }
  if (versions.supported.includes(version)) return;
  throw new LemError("engine.unsupported", `${engine} ${version} is not supported`, {
    hint: `supported: ${versions.supported.join(", ")}`,
  });
}
