import { existsSync, globSync, readFileSync, realpathSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { canonicalJson, LemError, sha256 } from "@lem/domain";
import { loadAdapter } from "@lem/engines";
import { runCommand, toolEnvironment } from "@lem/engines/command";
import { lemPaths } from "@lem/engines/paths";
import { treeOver } from "../source/folder.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { JavaScriptTarget } from "./target.ts";

/** Which package is wanted. */
export interface PackageRequest {
  readonly target: JavaScriptTarget;
  readonly version: string;
  /** A folder that holds the package's, as node_modules does, instead of lem's own or one that is fetched. */
  readonly folder?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** A package of one version, with its program and native sources. */
export interface FoundPackage {
  /** Its own folder. */
  readonly folder: string;
  readonly tree: SourceTree;
}

/**
 * A version of a package: in a folder that is named, as the dependency of lem that it may be, else as npm installs it
 * into lem's cache, without running anything of it.
 * @throws LemError `mine.source-missing`, `mine.source-corrupt`, `run.interrupted`
 */
export async function findPackage(request: PackageRequest): Promise<FoundPackage> {
  const { target, version } = request;
  const named = request.folder === undefined ? undefined : join(request.folder, target.package);
  const folder = named ?? (await ownFolder(request)) ?? (await installed(request));
  const found = versionIn(folder);
  if (found !== version)
    throw new LemError(
      "mine.source-missing",
      `${folder} holds ${target.package} ${found ?? "of no version"}, not ${version}`,
    );
  const real = realpathSync(folder);
  return { folder: real, tree: packageTree(target, version, real) };
}

async function ownFolder({ target, version, env }: PackageRequest): Promise<string | undefined> {
  const adapter = await loadAdapter(target.engine as Parameters<typeof loadAdapter>[0]);
  const found = await adapter.locate({ enginesDir: lemPaths(env).engines, env });
  return found.status === "installed" && found.version === version ? found.where : undefined;
}

async function installed({ target, version, env, signal }: PackageRequest): Promise<string> {
  const home = join(lemPaths(env).engines, `${target.engine}-${version}-cpu`);
  const folder = join(home, "node_modules", target.package);
  if (existsSync(join(folder, "package.json"))) return folder;
  await mkdir(home, { recursive: true });
  const npm = join(dirname(process.execPath), "npm");
  const args = [
    "install",
    "--prefix",
    home,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    `${target.package}@${version}`,
  ];
  const ended = await runCommand({
    file: existsSync(npm) ? npm : "npm",
    args,
    env: { ...toolEnvironment(env), ...certificates(env) },
    ...(signal === undefined ? {} : { signal }),
  });
  if (ended.exitCode === 0 && existsSync(folder)) return folder;
  const said = ended.stderrTail.trim().split("\n").at(-1);
  throw new LemError("mine.source-missing", `npm has no ${target.package} ${version}: ${said}`, {
    hint: "--source names a folder that holds the package's, as node_modules does",
  });
}

/** Authorities of this machine's own, without which npm waits for ever behind some proxies. */
const certificates = ({ NODE_EXTRA_CA_CERTS: file }: PackageRequest["env"]): Readonly<Record<string, string>> =>
  file === undefined ? {} : { NODE_EXTRA_CA_CERTS: file };

function versionIn(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

/** The files of a package that are read: its program, the declarations of its types, and its native sources. */
export function packageTree(target: JavaScriptTarget, version: string, folder: string): SourceTree {
  const patterns = [
    `${target.program}/**/*.{js,d.ts}`,
    ...(target.native === null ? [] : [`${target.native}/**/*.cpp`]),
  ];
  const names = globSync(patterns, { cwd: folder }).map((name) => name.split(sep).join("/"));
  const hashes = new Map(
    names.toSorted().map((name) => [`${target.package}/${name}`, sha256(readFileSync(join(folder, name)))]),
  );
  const above = join(folder, ...target.package.split("/").map(() => ".."));
  return treeOver(above, hashes, {
    package: target.package,
    version,
    kind: "folder",
    sha256: sha256(canonicalJson([...hashes])),
  });
}
