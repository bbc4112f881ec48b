import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonValue } from "@lem/domain";
import { nativeModules } from "../native/native-files.ts";
import type { Target, TargetProfile } from "../targets/target.ts";

/** What the probe is told of a machine that lacks what the engine wants: a file beside its script. */
export interface ProbeSetup {
  /** By dotted name, what functions and attributes give on the machine that is pretended. */
  readonly pretend: Readonly<Record<string, JsonValue>>;
  /** By dotted name, what the engine must show then. */
  readonly shows?: Readonly<Record<string, JsonValue>>;
  readonly stand_ins?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The setup for a target in a fact profile, and for a source folder that is probed as it is; undefined where the probe
 * needs none.
 * @throws LemError `mine.source-missing`, `io.*`
 */
export function probeSetup(target: Target, profile: string, source: string | undefined): ProbeSetup | undefined {
  const { pretend, permissive, shows } = target.profiles[profile] ?? NOTHING;
  const standIns = standInsOf(target, permissive, source);
  if (Object.keys(pretend).length === 0 && standIns === undefined) return undefined;
  return {
    pretend,
    ...(Object.keys(shows).length === 0 ? {} : { shows }),
    ...(standIns === undefined ? {} : { stand_ins: standIns }),
  };
}

const NOTHING: TargetProfile = { pretend: {}, permissive: [], shows: {} };

function standInsOf(
  { stand_ins: own }: Target,
  permissive: readonly string[],
  source: string | undefined,
): ProbeSetup["stand_ins"] {
  if (own === null || source === undefined) return permissive.length === 0 ? undefined : { permissive };
  const native = own.native.map((extension) => nativeModules(source, extension));
  return { ...own, permissive: [...own.permissive, ...permissive], native, path: [source] };
}

/** Writes a setup into a folder of its own, readable to every user of a container; the arguments that name it there. */
export async function writeSetup(folder: string, setup: ProbeSetup | undefined): Promise<readonly string[]> {
  if (setup === undefined) return [];
  const file = join(folder, SETUP_FILE);
  await writeFile(file, JSON.stringify(setup));
  await chmod(folder, 0o755);
  return [file];
}

const SETUP_FILE = "setup.json";
