/**
 * `node bench/gpu/locks.mjs [OUT] [ENGINE] [MODEL]`: two `lem run` started together on the GPUs of this machine (on its
 * processors, where it has none). Only one may have them at a time: the other says whom it waits for, and its run does not
 * begin before that of the first has ended.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineFacts, root, rounded, target, writeResult } from "./machine.mjs";

const [out = join(root, "bench/results"), engine = "transformers", model = "dummy:bench/shapes/smollm2-135m.json"] =
  process.argv.slice(2);

const SETTINGS = [
  "workload.n=8",
  "workload.batch_size=4",
  "workload.input_tokens=32",
  "workload.output_tokens=32",
  "measurement.windows=2",
  "measurement.warmup.max_runs=4",
  "measurement.baseline.seconds=1",
  "measurement.thermal.gate=false",
];

/** One `lem run`: what it said on the way, and the result that it stored. */
async function oneRun(name, folder, locks) {
  const args = ["packages/cli/bin/lem.js", "run", "--engine", engine, "--model", model, "--out", join(folder, name)];
  const child = spawn(process.execPath, [...args, "--verbose", ...SETTINGS.flatMap((each) => ["--set", each])], {
    cwd: root,
    env: { ...process.env, LEM_LOCKS: locks },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(String(chunk)));
  const spawned_ms = Date.now();
  const code = await new Promise((resolve) => child.on("close", resolve));
  const ended_ms = Date.now();
  const stored = join(folder, name);
  const all = existsSync(stored) ? readdirSync(stored, { recursive: true }) : [];
  const files = all.filter((file) => /c1\/?.*result\.json$/.test(file));
  const result = files.length === 0 ? null : JSON.parse(readFileSync(join(stored, files[0]), "utf8"));
  const text = said.join("");
  return { name, code, spawned_ms, ended_ms, text, result };
}

const factsOf = ({ name, code, spawned_ms, ended_ms, result, text }, origin_ms) => {
  const at = (ms) => rounded((ms - origin_ms) / 1000, 6);
  return {
    name,
    code,
    status: result?.status ?? null,
    spawned_s: at(spawned_ms),
    started_s: result === null ? null : at(Date.parse(result.started_at)),
    finished_s: result === null ? null : at(Date.parse(result.finished_at)),
    ended_s: at(ended_ms),
    waited: text.split("\n").filter((line) => /since \d{4}-/.test(line)),
  };
};

const machine = await machineFacts();
const folder = mkdtempSync(join(tmpdir(), "lem-locks-"));
const locks = join(folder, "locks");
const both = await Promise.all(["one", "other"].map((name) => oneRun(name, folder, locks)));
const runs = both.map((run) => factsOf(run, both[0].spawned_ms));
const [first, second] = runs.toSorted((a, b) => a.started_s - b.started_s);
const between_s = rounded(second.started_s - first.finished_s);
const completed = runs.filter(({ status }) => status === "completed").length;
const waited = runs.filter(({ waited: said }) => said.length > 0).length;
writeResult(out, "locks", {
  machine,
  job: { engine, model, settings: SETTINGS },
  runs,
  targets: [
    target("runs started together that completed, of 2", completed, "2", completed === 2),
    target("seconds from the end of one run to the begin of the other", between_s, "> 0", between_s > 0),
    target("runs that said whom they waited for", waited, "1", waited === 1),
  ],
});
for (const { text, code } of both) if (code !== 0) console.log(text.slice(-2000));
rmSync(folder, { recursive: true, force: true });
