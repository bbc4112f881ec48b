/**
 * The work of an experiment by the binding alone, without lem: the other side of the observer benchmark.
 * stdin: {model, groups: [[{tokens, output_tokens}]], sequences, threads, context_size, warmups, windows}; stdout: one
 * {cpu_s, output_tokens} a window.
 */
import { text } from "node:stream/consumers";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../../packages/engines/package.json", import.meta.url));
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const {
  model: modelPath,
  groups,
  sequences,
  threads,
  context_size,
  warmups,
  windows,
} = JSON.parse(await text(process.stdin));

const llama = await getLlama({ gpu: false, build: "never", progressLogs: false, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ sequences, contextSize: context_size, threads });

async function generate({ tokens, output_tokens }) {
  const sequence = context.getSequence();
  let count = 0;
  for await (const _ of sequence.evaluate(tokens, { yieldEogToken: true })) {
    count += 1;
    if (count === output_tokens) break;
  }
  sequence.dispose();
  return count;
}

async function window(work) {
  const before = process.cpuUsage();
  let output = 0;
  for (const group of work) output += (await Promise.all(group.map(generate))).reduce((sum, count) => sum + count, 0);
  const { user, system } = process.cpuUsage(before);
  return { cpu_s: (user + system) / 1e6, output_tokens: output };
}

for (let i = 0; i < warmups; i++) await window(groups.slice(0, 1));
const figures = [];
for (let i = 0; i < windows; i++) figures.push(await window(groups));
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);
