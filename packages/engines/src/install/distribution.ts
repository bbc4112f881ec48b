import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromSystemError } from "@lem/domain";
import type { EngineBuild, EngineVariant } from "../versions.ts";

/** An environment whose engine looks itself up under another name. */
interface NamedBuild {
  readonly folder: string;
  readonly build: EngineBuild;
  readonly version: string;
  readonly variant: EngineVariant;
}

/**
 * Writes the metadata of an empty distribution, so that the engine finds its own version under the name it asks for.
 * The version carries the kind of the build: `0.32.0+cpu`.
 * @throws LemError `io.*`
 */
export async function nameDistribution(
  { folder, build, version, variant }: NamedBuild,
  python: { readonly version: string },
): Promise<void> {
  const name = build.distribution;
  if (name === undefined) return;
  const [major, minor] = python.version.split(".");
  const full = `${version}+${variant}`;
  const info = `${name}-${full}.dist-info`;
  const packages = join(folder, "lib", `python${major}.${minor}`, "site-packages");
  const files = { METADATA: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${full}\n`, INSTALLER: "lem\n" };
  const record = [...Object.keys(files), "RECORD"].map((file) => `${info}/${file},,\n`).join("");
  try {
    await mkdir(join(packages, info), { recursive: true });
    for (const [file, text] of Object.entries({ ...files, RECORD: record }))
      await writeFile(join(packages, info, file), text);
  } catch (error) {
    throw fromSystemError(error, `writing ${info}`);
  }
}
