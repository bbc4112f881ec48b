/**
 * Everything a change must pass, in one go: engines installed where the machine can, static checks, all tests.
 * Ends with one line `N passed, N failed`; a check counts as one. `--only static` leaves the tests out.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enginePython, hasEngine, mayFreezeFiles, mayMount, mayStartDocker } from "./test-machine.mjs";

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const env = {
  ...process.env,
  PATH: `${bin}:${process.env.PATH}`,
  FORCE_COLOR: "0",
  NO_COLOR: "1",
  TURBO_TELEMETRY_DISABLED: "1",
};
const onlyStatic = process.argv.includes("static");

const tally = { passed: 0, failed: 0 };

function run(file, args, options = {}) {
  return spawnSync(file, args, { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 28, ...options });
}

function check(name, file, args, accept = () => true) {
  const started = performance.now();
  const result = run(file, args);
  const good = result.status === 0 && accept(result.stdout);
  tally[good ? "passed" : "failed"] += 1;
  console.log(`${good ? "ok  " : "FAIL"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (!good) console.log(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}`);
}

/** dependency-cruiser that sees no modules reports no violations: that is a failure here. */
const cruised = (text) => Number(/\((\d+) modules/.exec(text)?.[1] ?? 0) > 50;

function staticChecks() {
  check("typecheck", "tsc", ["-p", "tsconfig.json"]);
  check("lint", "oxlint", ["--type-aware", "--deny-warnings", "packages", "tools", "scripts", "bench"]);
  check("format", "oxfmt", ["--check", "packages", "tools", "scripts", "bench"]);
  check("layers", "depcruise", ["--config", ".dependency-cruiser.mjs", "packages", "tools"], cruised);
  check("file names", "ls-lint", []);
  check("unused code", "knip", []);
  check("workflows", "node", ["scripts/lint-workflows.mjs"]);
  check("engine names", "node", ["tools/miners/scripts/engine-names.ts"]);
  check("generated files", "node", ["scripts/generate.mjs", "--check"]);
}

/** Engines and the small model, so that no test has a reason to be skipped. */
function prepareEngines() {
  if (enginePython() === undefined)
    return console.log("note: no Python 3.11+ with venv here: engine tests of transformers do not take part");
  for (const engine of ["transformers", "vllm"])
    check(`install ${engine}`, "node", ["packages/cli/bin/lem.js", "engines", "install", engine, "--yes"]);
}

/** One engine's committed rules are what mining gives; all engines' are, each night. */
function regenerateOne() {
  if (enginePython() === undefined) return console.log("note: no engine here: no rules are mined again");
  const versions = readFileSync(join(root, "engine_versions/transformers.yaml"), "utf8");
  const which = ["--engine", "transformers", "--engine-version", /^current: (\S+)$/m.exec(versions)[1]];
  check("rules as mined", "node", ["tools/miners/src/cli.ts", "regenerate", ...which, "--jobs", "2"]);
}

/** What a test may need of the machine: only then may it be left out, and its name must say so: `[needs mount]`. */
const NEEDS = {
  python3: () => run("python3", ["--version"]).status === 0,
  pip: () => run("python3", ["-m", "pip", "--version"]).status === 0,
  npm: () => run("npm", ["view", "renovate", "version"]).status === 0,
  mount: mayMount,
  chattr: mayFreezeFiles,
  cc: () => run("cc", ["--version"]).status === 0,
  linux: () => process.platform === "linux",
  dockerd: mayStartDocker,
  vllm: () => hasEngine("vllm"),
};

/** True when a skipped test needs something that this machine lacks. */
function mayBeSkipped(name) {
  const [, need] = /\[needs (\w+)\]/.exec(name) ?? [];
  return need in NEEDS && !NEEDS[need]();
}

function tests() {
  const folder = mkdtempSync(join(tmpdir(), "lem-ci-"));
  const report = join(folder, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { status, stdout, stderr } = run("vitest", ["run", ...reporters]);
  console.log(stdout, stderr);
  const { testResults, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
  rmSync(folder, { recursive: true });
  const outcomes = testResults.flatMap((file) => file.assertionResults);
  const count = (state) => outcomes.filter((outcome) => outcome.status === state).length;
  const skipped = outcomes.filter((outcome) => !["passed", "failed"].includes(outcome.status));
  const wrong = skipped.filter(({ fullName }) => !mayBeSkipped(fullName));
  for (const { fullName } of wrong) console.log(`FAIL skipped on a machine that could run it: ${fullName}`);
  tally.passed += count("passed");
  tally.failed += count("failed") + wrong.length;
  if (status !== 0 && count("failed") === 0) tally.failed += Math.max(1, numFailedTestSuites);
}

if (!onlyStatic) prepareEngines();
staticChecks();
if (!onlyStatic) regenerateOne();
if (!onlyStatic) tests();
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
