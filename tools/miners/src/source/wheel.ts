import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fromSystemError, LemError, sha256 } from "@lem/domain";
import { openByteSource } from "./byte-source.ts";
import { treeOver } from "./folder.ts";
import { locateWheel, type PackageRequest, type WheelPlace } from "./pip-report.ts";
import type { SourceOrigin, SourceTree } from "./source-tree.ts";
import { readZipDirectory } from "./zip-directory.ts";
import { readZipMembers } from "./zip-members.ts";

/** A wheel whose Python files are wanted. */
export interface WheelRequest extends PackageRequest {
  /** Top folder of the import package. */
  readonly root: string;
  /** lem's folder of sources. */
  readonly sourcesDir: string;
}

interface Manifest {
  readonly schema_version: 1;
  readonly wheel_sha256: string;
  readonly files: readonly (readonly [path: string, sha256: string])[];
}

const MANIFEST = "manifest.json";

/**
 * The Python files of a package in one exact version, and nothing else of its wheel: they are cut out by byte range,
 * held against the wheel's own list of hashes, and kept in the cache, which needs no network the next time.
 * @throws LemError `mine.source-missing`, `mine.source-corrupt`, `io.*`, `run.interrupted`
 */
export async function wheelTree(request: WheelRequest): Promise<SourceTree> {
  const folder = join(request.sourcesDir, `${request.package}-${request.version}`);
  const manifest = (await readManifest(folder)) ?? (await fetchInto(folder, await locateWheel(request), request));
  const origin: SourceOrigin = {
    package: request.package,
    version: request.version,
    kind: "wheel",
    sha256: manifest.wheel_sha256,
  };
  return treeOver(folder, new Map(manifest.files), origin);
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), "utf8")) as Manifest;
    return manifest.schema_version === 1 ? manifest : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new LemError("mine.source-corrupt", `${join(folder, MANIFEST)} cannot be read`, {
      hint: `remove ${folder} and run again`,
      cause: error,
    });
  }
}

async function fetchInto(folder: string, place: WheelPlace, request: WheelRequest): Promise<Manifest> {
  const members = await pythonMembers(place, request);
  const files = [...members].map(([path, bytes]): [string, string] => [path, sha256(bytes)]).toSorted(byPath);
  const manifest: Manifest = { schema_version: 1, wheel_sha256: place.sha256, files };
  const temporary = `${folder}.${randomUUID()}.tmp`;
  try {
    for (const [path, bytes] of members) await writeInto(join(temporary, path), bytes);
    await writeInto(join(temporary, MANIFEST), Buffer.from(`${JSON.stringify(manifest)}\n`));
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw fromSystemError(error, `writing ${folder}`);
  }
  return manifest;
}

const byPath = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

async function writeInto(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function pythonMembers(place: WheelPlace, request: WheelRequest): Promise<ReadonlyMap<string, Buffer>> {
  const source = await openByteSource(place.address, request.signal);
  try {
    const listed = await readZipDirectory(source);
    const python = listed.filter(({ path }) => path.startsWith(`${request.root}/`) && path.endsWith(".py"));
    const record = listed.find(({ path }) => /^[^/]+\.dist-info\/RECORD$/.test(path));
    if (python.length === 0 || record === undefined) {
      throw new LemError(
        "mine.source-missing",
        `the wheel of ${request.package} holds no Python files of ${request.root}`,
        {
          hint: "such a package is a stub: name an unpacked source with --source",
        },
      );
    }
    const found = await readZipMembers(source, [...python, record]);
    holdAgainst(found.get(record.path)?.toString("utf8") ?? "", found);
    found.delete(record.path);
    return found;
  } finally {
    await source.close();
  }
}

/** The wheel's RECORD lists every file with its SHA-256 in URL-safe base64 without padding. */
function holdAgainst(record: string, found: ReadonlyMap<string, Buffer>): void {
  const digests = new Map<string, string>();
  for (const line of record.split(/\r?\n/)) {
    const [, path, digest] = /^"?(.+?)"?,sha256=([\w-]+),\d*$/.exec(line) ?? [];
    if (path !== undefined && digest !== undefined) digests.set(path, digest);
  }
  for (const [path, bytes] of found) {
    const expected = digests.get(path);
    if (!path.endsWith(".py") || expected === createHash("sha256").update(bytes).digest("base64url")) continue;
    throw new LemError("mine.source-corrupt", `${path} does not have the hash that the wheel's RECORD states`);
  }
}
