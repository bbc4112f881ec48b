/**
 * Mining of the current transformers and vLLM with nothing in the caches: sources are fetched, every class is walked and
 * proven on the installed engine. The engines themselves must be installed; one that is not is left out, and said. On a
 * machine that is busy with other work, processor time and load say what the seconds do not.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const LIMIT_S = 600;
const FILES = ["invariants.validated.yaml", "invariants.json", "quarantine.yaml", "ledger.json"];

const cache = process.env.LEM_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "lem");
const currentOf = (engine) =>
  /^current: (\S+)$/m.exec(readFileSync(join(root, "engine_versions", `${engine}.yaml`), "utf8"))[1];

/** Processor time of all children that ended, in seconds; Linux only. */
function childrenSeconds() {
  try {
    const fields = readFileSync("/proc/self/stat", "latin1").split(") ")[1].split(" ");
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return undefined;
  }
}

function minedOnce(engine) {
  const version = currentOf(engine);
  const python = join(cache, "engines", `${engine}-${version}-cpu`, "bin", "python");
  if (!existsSync(python)) return { engine, version, unavailable: "not installed" };
  const folder = mkdtempSync(join(tmpdir(), "lem-mining-"));
  const which = ["--engine", engine, "--engine-version", version, "--python", python];
  const [load] = loadavg();
  const before = childrenSeconds();
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "tools/miners/src/cli.ts"), "mine", ...which, "--out", join(folder, "corpora")],
    {
      env: { ...process.env, LEM_CACHE: join(folder, "cache"), TMPDIR: folder, PIP_NO_CACHE_DIR: "1" },
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  const seconds = (performance.now() - started) / 1000;
  const cpu_seconds = before === undefined ? null : childrenSeconds() - before;
  if (status !== 0) throw new Error(`mining ${engine} ${version}: ${stderr.slice(-2000)}`);
  const text = (at, file) => readFileSync(join(at, "corpora", engine, version, file), "utf8");
  const differs = FILES.filter((file) => text(folder, file) !== text(root, file));
  rmSync(folder, { recursive: true });
  return { engine, version, seconds, cpu_seconds, load_average_before: load, differs_from_committed: differs };
}

export async function benchmark() {
  const runs = ["transformers", "vllm"].map(minedOnce);
  const done = runs.filter(({ seconds }) => seconds !== undefined);
  return {
    targets: done.map(({ engine, version, seconds }) => ({
      what: `mine ${engine} ${version} with empty caches, s`,
      value: Math.round(seconds),
      limit: `<= ${LIMIT_S}`,
      met: seconds <= LIMIT_S,
    })),
    runs,
  };
}
