/** Engines' rules: load and compile of the largest corpus, evaluation of one configuration, 20,000 through `lem check --ndjson`. */
import { spawn, spawnSync } from "node:child_process";
import { globSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { median } from "./statistics.mjs";

const root = join(import.meta.dirname, "..");
const lem = join(root, "packages", "cli", "bin", "lem.js");
const library = join(root, "packages", "config", "src", "corpus", "index.ts");
const CONFIGS = 20_000;
const LOADS = 15;

/** Engine and version with the largest compiled rules, and the class with the most. */
function largest() {
  const files = globSync("corpora/*/*/invariants.json", { cwd: root });
  const [file] = files.toSorted((a, b) => statSync(join(root, b)).size - statSync(join(root, a)).size);
  const [, engine, version] = file.split(sep);
  const { entries } = JSON.parse(readFileSync(join(root, file), "utf8"));
  const [entry] = Object.keys(entries).toSorted((a, b) => entries[b].rules.length - entries[a].rules.length);
  const rules = Object.values(entries).reduce((sum, held) => sum + held.rules.length, 0);
  return { engine, version, entry, rules, fields: Object.keys(entries[entry].defaults) };
}

const VALUES = [
  0,
  1,
  2,
  -1,
  16,
  true,
  false,
  null,
  "static",
  "x",
  { $py: "float", value: "0.5" },
  [1, 2],
  [],
  { a: 1 },
];

/** Configurations of one to five keys, the same in every run. */
function configurations(fields) {
  let state = 20_261_122;
  const draw = (count) => (state = (state * 48_271) % 2_147_483_647) % count;
  return Array.from({ length: CONFIGS }, () =>
    Object.fromEntries(
      Array.from({ length: 1 + draw(5) }, () => [fields[draw(fields.length)], VALUES[draw(VALUES.length)]]),
    ),
  );
}

/** Load and compile in a process of its own, its code loaded before; the class, then all classes. */
function loadOnce({ engine, version, entry }) {
  const program = `
    const { loadCorpus } = await import(${JSON.stringify(library)});
    await import(${JSON.stringify(join(library, "..", "rule-set.ts"))});
    const start = performance.now();
    const { rules } = await loadCorpus(${JSON.stringify(engine)}, { version: ${JSON.stringify(version)} });
    rules.evaluate({ entry: ${JSON.stringify(entry)}, set: {} });
    const one = performance.now();
    for (const name of rules.entries) rules.evaluate({ entry: name, set: {} });
    console.log(JSON.stringify([one - start, performance.now() - start]));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout);
}

async function evaluated({ engine, version, entry }, sets) {
  const { loadCorpus } = await import(library);
  const { rules } = await loadCorpus(engine, { version });
  for (const set of sets.slice(0, 2000)) rules.evaluate({ entry, set });
  const times = sets.map((set) => {
    const start = performance.now();
    rules.evaluate({ entry, set });
    return performance.now() - start;
  });
  const sorted = times.toSorted((a, b) => a - b);
  return { mean: times.reduce((sum, ms) => sum + ms, 0) / times.length, p99: sorted[Math.floor(times.length * 0.99)] };
}

const peakOf = (pid) => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

/** Seconds and peak memory of `lem check --ndjson` over some lines. */
async function checked({ engine, version, entry }, sets) {
  const input = sets.map((set, id) => `${JSON.stringify({ id, entry, set })}\n`).join("");
  const start = performance.now();
  const args = [lem, "check", "--ndjson", "--engine", engine, "--engine-version", version];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  let lines = 0;
  let peak = 0;
  child.stdout.on("data", (chunk) => {
    for (const byte of chunk) if (byte === 10) lines += 1;
    peak = Math.max(peak, peakOf(child.pid));
  });
  child.stdin.end(input);
  await new Promise((resolve) => child.on("close", resolve));
  if (lines !== sets.length) throw new Error(`${sets.length} configurations and ${lines} answers`);
  return { seconds: (performance.now() - start) / 1000, peak_mib: peak / 1024 };
}

const target = (what, value, limit, digits = 2) => ({
  what,
  value: Number(value.toFixed(digits)),
  limit: `<= ${limit}`,
  met: value <= limit,
});

export async function benchmark() {
  const subject = largest();
  const sets = configurations(subject.fields);
  const loads = Array.from({ length: LOADS }, () => loadOnce(subject));
  const { mean, p99 } = await evaluated(subject, sets);
  const [runs, few] = [[], []];
  for (let run = 0; run < 3; run++) {
    runs.push(await checked(subject, sets));
    few.push(await checked(subject, sets.slice(0, CONFIGS / 4)));
  }
  const name = `${subject.engine} ${subject.version}, ${subject.rules} rules`;
  const growth = median(runs.map(({ peak_mib }) => peak_mib)) / median(few.map(({ peak_mib }) => peak_mib));
  return {
    targets: [
      target(`load and compile one class of ${name}, ms`, median(loads.map(([one]) => one)), 25),
      target(`load and compile all classes of ${name}, ms`, median(loads.map(([, all]) => all)), 25),
      target(`evaluate a configuration of ${subject.entry}, mean ms`, mean, 0.16, 4),
      target(`evaluate a configuration of ${subject.entry}, p99 ms`, p99, 1, 4),
      target(`${CONFIGS} configurations through lem check --ndjson, s`, median(runs.map(({ seconds }) => seconds)), 3),
      target(`peak memory of ${CONFIGS} configurations / of a quarter`, growth, 1.25),
    ],
    predecessor: { mean_ms: 1.66, seconds_of_20000: 12.3 },
    loads_ms: loads,
    runs,
    quarters: few,
  };
}
