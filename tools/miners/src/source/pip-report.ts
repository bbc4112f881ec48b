import { isLemError, LemError } from "@lem/domain";
import { runCommand, toolEnvironment } from "@lem/engines/command";

/** Where the package index keeps a wheel. */
export interface WheelPlace {
  /** `http(s):` or `file:`; may hold a password, so it is never shown or stored. */
  readonly address: string;
  /** SHA-256 of the whole wheel, as the index states it. */
  readonly sha256: string;
}

/** A package in one exact version, and how pip is run. */
export interface PackageRequest {
  readonly package: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

const DRY = ["--dry-run", "--no-deps", "--ignore-installed", "--ignore-requires-python", "--only-binary", ":all:"];
const QUIET = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-color"];

/**
 * Asks pip where it would get the wheel; nothing is installed. pip keeps its own settings of index, proxy and
 * certificates, so this program names no host.
 * @throws LemError `mine.source-missing` with pip's own words, or without a Python that has pip
 */
export async function locateWheel(request: PackageRequest): Promise<WheelPlace> {
  const { env, signal } = request;
  const requirement = `${request.package}==${request.version}`;
  const args = ["-m", "pip", "install", ...DRY, ...QUIET, "--report", "-", requirement];
  const command = { args, env: toolEnvironment(env), ...(signal === undefined ? {} : { signal }) };
  try {
    const { exitCode, stdout, stderrTail } = await runCommand({ file: "python3", ...command });
    if (exitCode === 0) return placeIn(stdout, requirement);
    const said = stderrTail.split("\n").findLast((line) => line.startsWith("ERROR:")) ?? stderrTail.slice(-200);
    throw missing(requirement, said);
  } catch (error) {
    if (isLemError(error, "worker.spawn")) throw missing(requirement, "python3 was not found");
    throw error;
  }
}

function placeIn(report: string, requirement: string): WheelPlace {
  const parsed = JSON.parse(report) as { install?: readonly Installed[] };
  const info = parsed.install?.[0]?.download_info;
  const sha256 = info?.archive_info?.hashes?.["sha256"] ?? info?.archive_info?.hash?.replace(/^sha256=/, "");
  if (info === undefined || sha256 === undefined) throw missing(requirement, "pip's report names no wheel");
  return { address: info.url, sha256 };
}

interface Installed {
  readonly download_info?: {
    readonly url: string;
    readonly archive_info?: { readonly hash?: string; readonly hashes?: Readonly<Record<string, string>> };
  };
}

function missing(requirement: string, said: string): LemError {
  return new LemError("mine.source-missing", `pip does not find ${requirement}: ${said}`, {
    hint: "check the version and pip's index setting, or name an unpacked source with --source",
  });
}
