import { ENGINE_IDS, type EngineId } from "@lem/domain";
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
  /** Folders that an interrupted installation left; the next installation removes them. */
  readonly incomplete: readonly string[];
}

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
      installed: installed.filter((one) => one.engine === engine),
      incomplete: incomplete.filter((folder) => folder.slice(enginesDir.length + 1).startsWith(`${engine}-`)),
    };
  });
}
