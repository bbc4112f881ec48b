/**
 * Studies of real experiments that are killed with -9: at each transition of the manifest and at random moments (the
 * study, its engine, or both), and studies whose disk is full or whose folder becomes read-only. Counts what was lost,
 * repeated, orphaned or unreadable. LEM_BENCH_SCALE=0.1 runs a tenth.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { mayFreezeFiles, mayMount } from "../scripts/test-machine.mjs";
import { KilledStudy } from "../packages/study/test/fixtures/killed-study.ts";

const SCALE = Number(process.env.LEM_BENCH_SCALE ?? 1);
const AT_EACH = Math.ceil(12 * SCALE);
const AT_RANDOM = Math.ceil(100 * SCALE);
const SPOILED = Math.ceil(10 * SCALE);
const STEPS = ["before", "written", "after"];
const TRANSITIONS = ["begin", "start", "reopen", "finish", "end"];
const VICTIMS = ["parent", "worker", "both"];
const LONGEST_MS = 2500;

const total = { lost: 0, repeated: 0, orphans: 0, unreadable: 0, unfinished: 0 };
const deaths = {};

function count(what, number = 1) {
  deaths[what] = (deaths[what] ?? 0) + number;
}

/** Lets a study come to its end after everything that was done to it, and adds up what that cost. */
async function conclude(study, points) {
  const { outcome, said } = await study.live();
  if (outcome?.status !== "completed" || outcome.counts.completed !== points) {
    total.unfinished += 1;
    console.error(`unfinished: ${said}`);
  }
  for (const [kind, losses] of Object.entries(await study.losses())) total[kind] += losses;
  study.remove();
}

/** One study dies at each step of a transition, and its resumed successors at the next ones. */
async function atTransitions() {
  const rounds = Math.ceil(AT_EACH / STEPS.length);
  for (let round = 0; round < rounds; round++) {
    const study = new KilledStudy({ points: 4 });
    for (const type of TRANSITIONS)
      for (const at of STEPS) {
        const { outcome } = await study.live({ die: { at, type, nth: 1 } });
        if (outcome === undefined) count(`at ${type}`);
      }
    await conclude(study, 4);
  }
}

/** Runs are given up at once where the study's time is over: no engine is needed. */
async function atSkips() {
  const study = new KilledStudy({ points: 3, execution: { budget: { runs: null, hours: 1e-12 } } });
  for (let round = 0; round < AT_EACH; round++) {
    const { outcome } = await study.live({ die: { at: STEPS[round % STEPS.length], type: "skip", nth: 2 } });
    if (outcome === undefined) count("at skip");
  }
  for (const [kind, losses] of Object.entries(await study.losses())) total[kind] += losses;
  study.remove();
}

const childrenOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

async function atRandom() {
  const points = 6;
  let study = new KilledStudy({ points, set: ["measurement.windows=2"] });
  for (let death = 0; death < AT_RANDOM; death++) {
    const victim = VICTIMS[death % VICTIMS.length];
    const { outcome } = await study.live({
      disturb: (child) => {
        const timer = setTimeout(() => {
          const workers = childrenOf(child.pid);
          study.watch(workers);
          if (victim !== "parent") workers.forEach(kill);
          if (victim !== "worker") kill(child.pid);
          count(`at random: ${victim}`);
        }, Math.random() * LONGEST_MS);
        child.on("exit", () => clearTimeout(timer));
      },
    });
    if (outcome?.status !== "completed") continue;
    await conclude(study, points);
    study = new KilledStudy({ points, set: ["measurement.windows=2"] });
  }
  await conclude(study, points);
}

const SPOILS = {
  full: { what: "full disk", code: "io.disk-full" },
  "read-only": { what: "read-only folder", code: "io.permission" },
};

/** A study that nothing can be written for: it must say so, and go on when it is mended. */
async function spoiled(how, round) {
  const { what, code } = SPOILS[how];
  const study = new KilledStudy({ points: 2 });
  mkdirSync(study.resultsDir);
  if (how === "full") spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", study.resultsDir]);
  const type = round % 2 === 0 ? "start" : "finish";
  const { outcome, said } = await study.live({ spoil: { at: STEPS[round % STEPS.length], type, nth: 1, how } });
  if (outcome?.status === "completed" || !said.includes(code)) total.unreadable += 1;
  count(what);
  spawnSync("chattr", ["-R", "-i", study.resultsDir]);
  rmSync(join(study.resultsDir, "filler"), { force: true });
  const mended = await study.live();
  if (mended.outcome?.status !== "completed") total.unfinished += 1;
  for (const [kind, losses] of Object.entries(await study.losses())) total[kind] += losses;
  if (how === "full") spawnSync("umount", [study.resultsDir]);
  study.remove();
}

export async function benchmark() {
  await atTransitions();
  await atSkips();
  await atRandom();
  for (let round = 0; round < SPOILED; round++) {
    if (mayMount()) await spoiled("full", round);
    if (mayFreezeFiles()) await spoiled("read-only", round);
  }
  const targets = Object.entries(total).map(([kind, value]) => ({
    what: `${kind} over ${Object.values(deaths).reduce((sum, each) => sum + each, 0)} deaths of studies`,
    value,
    limit: "0",
    met: value === 0,
  }));
  return { targets, deaths };
}
