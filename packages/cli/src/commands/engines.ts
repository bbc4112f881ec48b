import { installEngine, installGpuBinaries, lemPaths, listEngines, type EngineListing } from "@lem/engines";
import { LemError, parseEngineId } from "@lem/domain";
import { tableLines } from "@lem/report";
import type { InstallFlags, JsonFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";
import { openProgress, progressMode } from "../progress/renderer.ts";

const STATE: Readonly<Record<EngineListing["installer"], string>> = {
  embedded: "embedded",
  pip: "not installed",
  none: "not in this version of lem",
};

function listRow(listing: EngineListing): string[] {
  const installed = listing.installed.map((one) => `${one.version} (${one.variant})`).join(", ");
  const next = listing.installer === "pip" && installed === "" ? `lem engines install ${listing.engine}` : "";
  const state =
    listing.installer === "embedded" ? `embedded (${listing.embedded.join(", ")})` : STATE[listing.installer];
  return [listing.engine, listing.current, installed === "" ? state : installed, next];
}

/** `lem engines list`: what each engine is and whether it can run here. */
export async function list(this: CliContext, flags: JsonFlags): Promise<void> {
  const { env, stdout } = this.io;
  const listings = await listEngines({ enginesDir: lemPaths(env).engines });
  const header = ["engine", "version", "installed", "next"];
  stdout.write(
    flags.json ? `${JSON.stringify(listings)}\n` : `${tableLines(header, listings.map(listRow)).join("\n")}\n`,
  );
}

/** What is embedded has the one version that this lem was built with. */
function refuseOtherVersion({ engine, current }: EngineListing, asked = current): void {
  if (asked === current) return;
  const hint = `leave --version out: ${engine} changes with lem itself`;
  throw new LemError("engine.unsupported", `${engine} ${current} comes with this version of lem, not ${asked}`, {
    hint,
  });
}

/** `lem engines install`: makes an engine ready in lem's own folder. */
export async function install(this: CliContext, flags: InstallFlags, name: string): Promise<void> {
  const { env, stdout, interrupted } = this.io;
  const engine = parseEngineId(name);
  const enginesDir = lemPaths(env).engines;
  const listing = (await listEngines({ enginesDir })).find((one) => one.engine === engine);
  const embedded = listing?.installer === "embedded" ? listing : undefined;
  const gpu = embedded === undefined ? undefined : gpuVariant(flags.variant);
  if (embedded !== undefined) refuseOtherVersion(embedded, flags.version);
  if (embedded !== undefined && gpu === undefined) {
    stdout.write(flags.json ? `${JSON.stringify(embedded)}\n` : embeddedText(embedded));
    return;
  }
  const progress = openProgress(this.io, progressMode(this.io, { quiet: false, json: flags.json, verbose: false }));
  const options = { enginesDir, env, emit: progress.emit, signal: interrupted };
  const installing =
    gpu === undefined ? installEngine(engine, { ...options, ...chosenBuild(flags) }) : installGpuBinaries(gpu, options);
  const installed = await installing.finally(() => progress.close());
  const line = `${engine} ${installed.version} (${installed.variant}) is ready in ${installed.where}`;
  stdout.write(`${flags.json ? JSON.stringify(installed) : line}\n`);
}

const embeddedText = ({ engine, current, embedded }: EngineListing): string =>
  `${engine} ${current} (${embedded.join(", ")}) comes with lem: nothing to install\n` +
  `for a GPU: lem engines install ${engine} --variant cuda, or vulkan\n`;

const gpuVariant = (variant: InstallFlags["variant"]): "cuda" | "vulkan" | undefined =>
  variant === "cpu" ? undefined : variant;

/** What the flags choose of a Python engine. */
function chosenBuild({ variant, version }: InstallFlags): { variant?: "cpu" | "cuda"; version?: string } {
  if (variant === "vulkan")
    throw new LemError("engine.unsupported", "only llama-cpp has a build for Vulkan", { hint: "write --variant cuda" });
  return { ...(variant === undefined ? {} : { variant }), ...(version === undefined ? {} : { version }) };
}
