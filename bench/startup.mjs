/** Start-up of the `lem` bin against the same Node's `node -e 0`, warm, in turns. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { median } from "./statistics.mjs";

const ROUNDS = 25;
const root = join(import.meta.dirname, "..");
const lem = join(root, "packages", "cli", "bin", "lem.js");

const COMMANDS = {
  node: ["-e", "0"],
  version: [lem, "--version"],
  help: [lem, "--help"],
  check: [lem, "check", join(root, "examples", "quickstart.yaml")],
};
const TARGETS = { version: 2.5, check: 6 };

function milliseconds(args) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

export function benchmark() {
  const names = Object.keys(COMMANDS);
  for (const name of names) for (let i = 0; i < 3; i++) milliseconds(COMMANDS[name]);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) samples[name].push(milliseconds(COMMANDS[name]));
  const medians = Object.fromEntries(names.map((name) => [name, median(samples[name])]));
  const ratios = Object.fromEntries(
    names.map((name) => [name, median(samples[name].map((ms, i) => ms / samples.node[i]))]),
  );
  const targets = Object.entries(TARGETS).map(([name, limit]) => ({
    what: `lem ${name} / node -e 0, median of ${ROUNDS} pairs`,
    value: Number(ratios[name].toFixed(2)),
    limit: `<= ${limit}`,
    met: ratios[name] <= limit,
  }));
  return { targets, median_ms: medians, ratios };
}
