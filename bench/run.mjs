/**
 * `pnpm bench [name...]`: runs the benchmarks and keeps each report under bench/results with the versions that made
 * it; BENCH_PART names one more report of a benchmark. Every figure is a ratio of two things measured in the same run; a
 * missed target sets exit code 1.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

const BENCHMARKS = [
  "startup",
  "host-memory",
  "observer",
  "invariants",
  "plan",
  "mining",
  "study-gap",
  "keep-loaded",
  "parameters",
  "kill",
];
const here = import.meta.dirname;

const manifest = (name) => JSON.parse(readFileSync(join(here, "..", name), "utf8"));

function machine() {
  return {
    cpu: cpus()[0]?.model,
    processors: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    lem: manifest("packages/cli/package.json").version,
    node_llama_cpp: manifest("packages/engines/package.json").dependencies["node-llama-cpp"],
  };
}

const wanted = process.argv.slice(2).filter((name) => !name.startsWith("-"));
mkdirSync(join(here, "results"), { recursive: true });
for (const name of wanted.length > 0 ? wanted : BENCHMARKS) {
  const { benchmark } = await import(`./${name}.mjs`);
  const started = new Date();
  const report = await benchmark();
  const stamp = started.toISOString().slice(0, 10);
  const part = process.env["BENCH_PART"];
  const file = join(here, "results", `${[stamp, name, ...(part === undefined ? [] : [part])].join("-")}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ schema_version: 1, benchmark: name, part, date: stamp, machine: machine(), ...report }, null, 2)}\n`,
  );
  for (const { what, value, limit, met } of report.targets) {
    console.log(`${met ? "ok  " : "MISS"} ${name}: ${what} ${value} (target ${limit})`);
    if (!met) process.exitCode = 1;
  }
}
