/**
 * Builds an image that has an engine, for `mine --image`: the base, and the requirements that engine_versions names.
 * `node tools/miners/scripts/probe-image.ts ENGINE VERSION BASE`; an engine's own image as BASE needs nothing else, and
 * is told by VERSION `-`. Prints the image's name.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface Variant {
  readonly package: string;
  readonly requires: readonly string[];
  /** Installed last, and with them the engine, all without what they ask for. */
  readonly bare?: readonly string[];
  readonly extra_index?: string;
}

const [engine = "", version = "", base = ""] = process.argv.slice(2);
const ROOT = join(import.meta.dirname, "../../..");
const DOCKER = join(ROOT, "tools/miners/docker");

function buildArguments(): readonly string[] {
  if (version === "-") return [];
  const text = readFileSync(join(ROOT, "engine_versions", `${engine}.yaml`), "utf8");
  const { cpu } = (parse(text) as { variants: { cpu: Variant } }).variants;
  const own = `${cpu.package}==${version}`;
  const [full, bare] = cpu.bare === undefined ? [[own], []] : [[], [...cpu.bare, own]];
  const index = cpu.extra_index === undefined ? [] : [`INDEX=${cpu.extra_index}`];
  return [`REQUIREMENTS=${[...full, ...cpu.requires].join(" ")}`, `BARE=${bare.join(" ")}`, ...index];
}

if (base === "") throw new Error("usage: probe-image.ts ENGINE VERSION BASE");
const name = `lem-probe:${engine}-${version === "-" ? "own" : version}`;
const given = [`BASE=${base}`, ...buildArguments()].map((each) => `--build-arg=${each}`);
const { status } = spawnSync("docker", ["build", ...given, `--tag=${name}`, DOCKER], {
  stdio: ["ignore", "inherit", "inherit"],
});
if (status === 0) console.log(name);
process.exitCode = status ?? 1;
