// What a user of the binding would write without lem: greedy ids of some prompts, one after another.
import { getLlama } from "node-llama-cpp";

const { path, texts, inputLimit, outputs } = JSON.parse(process.argv[2]);
const llama = await getLlama({ gpu: false, build: "never", progressLogs: false, maxThreads: 1 });
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({ contextSize: inputLimit + outputs });
const results = [];
for (const text of texts) {
  const { bos, shouldPrependBosToken } = model.tokens;
  const prompt = [...(shouldPrependBosToken ? [bos] : []), ...model.tokenize(text, true)].slice(0, inputLimit);
  const sequence = context.getSequence();
  const ids = [];
  for await (const token of sequence.evaluate(prompt, { yieldEogToken: true })) {
    ids.push(token);
    if (ids.length === outputs) break;
  }
  results.push({ prompt, ids, meter: sequence.tokenMeter.getState() });
  await sequence.dispose();
}
process.stdout.write(JSON.stringify(results));
process.exit(0);
