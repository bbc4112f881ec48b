/**
 * `node bench/gpu/observer.mjs OUT MODEL_FOLDER [BATCH] [OUTPUT_TOKENS] [BLOCKS] [ENGINE_JSON]`: what observing costs vLLM
 * at full batch inside one load. On (A): lem's worker, its lines read and parsed, and the energy sampler of this machine.
 * Off (B): a plain loop, no sampler. Blocks of A B B A; the two A of a block against one another are the control.
 */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { lemPaths, loadAdapter } from "../../packages/engines/src/index.ts";
import { meanWithInterval } from "../statistics.mjs";
import {
  machineFacts,
  openSampler,
  percent,
  root,
  rounded,
  samplerWork,
  speaker,
  target,
  unmeasured,
  writeResult,
} from "./machine.mjs";

const LIMIT = 0.005;
const SAMPLER_LIMIT = 0.01;

/** Starts and stops the sampler when the script asks for it, and adds up what its threads used of a core. */
class Observer {
  #sampler = null;
  #why = null;
  #shares = [];

  async set(on) {
    if (on === (this.#sampler !== null) || this.#why !== null) return;
    if (on) await this.#start();
    else await this.#stop();
  }

  async #start() {
    const choice = await openSampler();
    if (choice.status === "unavailable") this.#why = choice.reading.detail;
    else {
      this.#sampler = choice.sampler;
      await this.#sampler.start();
    }
  }

  async #stop() {
    const sampler = this.#sampler;
    this.#sampler = null;
    await sampler.stop();
    for (const { streams } of sampler.recordings()) {
      const cpu = streams.get("sampler_cpu");
      if (cpu !== undefined) this.#shares.push(samplerWork(cpu));
    }
  }

  /** A thread's share of a core once it has started, over all times that it sampled, or why it did not. */
  summary() {
    if (this.#why !== null) return { unavailable: this.#why };
    const total = (field) => this.#shares.reduce((sum, each) => sum + each[field], 0);
    return { share_of_a_core: rounded(total("cpu_s") / total("seconds"), 4), sampled_s: rounded(total("seconds")) };
  }
}

async function runBlocks(job) {
  const adapter = await loadAdapter("vllm");
  const found = await adapter.locate({ enginesDir: lemPaths(process.env).engines, env: process.env });
  if (found.status !== "installed") throw new Error(`vllm: ${found.hint}`);
  const observer = new Observer();
  const runs = [];
  const answer = async (said) => {
    if (said.event === "run" && said.block !== null) runs.push(said);
    if (said.event !== "sampler") return;
    await observer.set(said.on);
    script.tell("done");
  };
  const script = speaker(
    { file: found.command.file, args: [join(root, "bench/plain/vllm_in_one_load.py")] },
    {
      env: { ...process.env, ...found.command.env },
      extra: ["pipe"],
      onLine: (said) => answer(said).catch(() => script.child.kill()),
    },
  );
  createInterface({ input: script.child.stdio[3] }).on("line", (line) => JSON.parse(line));
  script.tell(job);
  await script.ended;
  return { version: found.version, runs, sampler: observer.summary() };
}

const blocksOf = (runs) =>
  [...new Set(runs.map(({ block }) => block))].map((block) => runs.filter((run) => run.block === block));

/** On over off, less one; and one A over the other as control. */
function compared(blocks, pick) {
  const ratio = ([a1, b1, b2, a2]) => (pick(a1) + pick(a2)) / (pick(b1) + pick(b2)) - 1;
  const shown = ({ mean, low, high, method }) => ({
    mean_percent: percent(mean, 3),
    interval_percent: [percent(low, 3), percent(high, 3)],
    method,
  });
  return {
    difference: shown(meanWithInterval(blocks.map(ratio))),
    control: shown(meanWithInterval(blocks.map(([a1, , , a2]) => pick(a2) / pick(a1) - 1))),
  };
}

const [out, model, batch = "256", output = "128", count = "10", engineJson = "{}"] = process.argv.slice(2);
const engine = JSON.parse(engineJson);
const job = { model, engine, batch: Number(batch), output_tokens: Number(output), blocks: Number(count) };
const machine = await machineFacts();
const { version, runs, sampler } = await runBlocks(job);
const blocks = blocksOf(runs);
const tokens = compared(blocks, (run) => run.tokens_per_s);
const itl = compared(blocks, (run) => run.itl_s.p99);
const cpu = compared(blocks, (run) => run.cpu_s);
const of = (how, pick) => {
  const values = runs.filter((run) => run.how === how).map(pick);
  return rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
};
const both = (pick) => ({ on: of("lem", pick), off: of("plain", pick) });
const { mean_percent: off, interval_percent: between } = tokens.difference;
const rows = [
  target(
    `tokens/s, observer on against off, % (95 % interval ${between.join(" to ")}, A/A control ${tokens.control.mean_percent})`,
    off,
    "within 0.5",
    Math.abs(off) <= 100 * LIMIT,
  ),
  sampler.unavailable === undefined
    ? target("sampler, share of a core", sampler.share_of_a_core, "<= 0.01", sampler.share_of_a_core <= SAMPLER_LIMIT)
    : unmeasured("sampler, share of a core", "<= 0.01", sampler.unavailable),
];
writeResult(out, "observer", {
  part: process.env["BENCH_PART"] ?? "vllm",
  machine,
  engine: { name: "vllm", version, keys: engine },
  job: { batch: job.batch, input_tokens: 128, output_tokens: job.output_tokens, blocks: job.blocks },
  tokens_per_s: { ...both((run) => run.tokens_per_s), ...tokens },
  itl_p99_s: { ...both((run) => run.itl_s.p99), ...itl },
  itl_p50_s: both((run) => run.itl_s.p50),
  cpu_s_per_run: { ...both((run) => run.cpu_s), ...cpu },
  sampler,
  targets: rows,
  runs,
});
