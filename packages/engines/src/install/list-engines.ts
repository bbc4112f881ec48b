import { ENGINE_IDS, type EngineId } from "@lem/domain";
import { findBinding } from "../llama-cpp/binding.ts";
import { gpuBinariesFolders } from "../llama-cpp/gpu-binaries.ts";
import { readEngineVersions, type EngineVariant } from "../versions.ts";
import { scanEngines, type InstalledEngine } from "./marker.ts";

/** One engine as `lem engines list` shows it. */
export interface EngineListing {
  readonly engine: EngineId;
  readonly title: string;
  readonly current: string;
  readonly supported: readonly string[];
  readonly variants: readonly EngineVariant[];
  /** `embedded` engines are always there; `pip` ones can be installed; `none`: not by this version of lem. */
  readonly installer: "embedded" | "pip" | "none";
  readonly installed: readonly InstalledEngine[];
  /** Builds of an embedded engine that are on this machine, the fastest kind first. */
  readonly embedded: readonly string[];
  /** Folders that an interrupted installation left; the next installation removes them. */
  readonly incomplete: readonly string[];
}

const embeddedBuilds = (enginesDir: string, version: string): readonly string[] =>
  findBinding({ folders: gpuBinariesFolders(enginesDir, version) })?.variants ?? [];

/** All engines that lem knows, with what is installed of each in `enginesDir`. Starts no program. */
export async function listEngines({ enginesDir }: { readonly enginesDir: string }): Promise<readonly EngineListing[]> {
  const { installed, incomplete } = await scanEngines(enginesDir);
  return ENGINE_IDS.map((engine) => {
    const { title, current, supported, variants, installer = "none" } = readEngineVersions(engine);
    return {
      engine,
      title,
      current,
      supported,
      installer,
      variants: Object.keys(variants) as EngineVariant[],
      embedded: installer === "embedded" ? embeddedBuilds(enginesDir, current) : [],
      installed: installed.filter((one) => one.engine === engine),
      incomplete: incomplete.filter((folder) => folder.slice(enginesDir.length + 1).startsWith(`${engine}-`)),
    };
  });
}
