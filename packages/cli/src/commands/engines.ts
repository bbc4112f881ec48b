import { installEngine, lemPaths, listEngines, type EngineListing } from "@lem/engines";
import { LemError, parseEngineId } from "@lem/domain";
import { tableLines } from "@lem/report";
import type { InstallFlags, JsonFlags } from "../flags.ts";
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
  return [listing.engine, listing.current, installed === "" ? STATE[listing.installer] : installed, next];
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
  if (listing?.installer === "embedded") {
    refuseOtherVersion(listing, flags.version);
    stdout.write(
      flags.json ? `${JSON.stringify(listing)}\n` : `${engine} ${listing.current} comes with lem: nothing to install\n`,
    );
    return;
  }
  const progress = openProgress(this.io, progressMode(this.io, { quiet: false, json: flags.json, verbose: false }));
  const { variant, version } = flags;
  const chosen = { ...(variant === undefined ? {} : { variant }), ...(version === undefined ? {} : { version }) };
  const installed = await installEngine(engine, {
    enginesDir,
    env,
    emit: progress.emit,
    signal: interrupted,
    ...chosen,
  }).finally(() => progress.close());
  const line = `${engine} ${installed.version} (${installed.variant}) is ready in ${installed.where}`;
  stdout.write(`${flags.json ? JSON.stringify(installed) : line}\n`);
}
