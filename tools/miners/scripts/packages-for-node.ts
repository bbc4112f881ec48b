/** What docs/mining.md says of engines that are packages for Node. */
export const PACKAGES_FOR_NODE = `## Engines that are packages for Node

llama.cpp is mined through its Node binding: the JavaScript of the package is walked in place of Python, its C++ is read for
what it demands of each property that JavaScript hands over, and the probe is a Node process that loads a model and makes a
context. Ledger, predicates, proof and score are the same.

    pnpm mine --engine llama-cpp --engine-version 3.21.1
    node tools/miners/src/cli.ts score --engine llama-cpp --engine-version 3.21.1 --n 400

What is outside of what rules say there:

- **Files.** Where an option names a file, any name stands for a fitting one, in proof and score: whether the file is there is
  no rule. A LoRA adapter that is missing, or does not fit the model, is refused by the engine alone.
- **Memory.** A refusal for want of memory tells of a machine, not of options. Memory checks are not switched off in the probe
  (contexts of any size would be made), so configurations that switch them off are not tried, and not scored.
- **The model.** A rule holds on all models of the target. What hangs on a model's head size (some kinds of cache) or trained
  length (a smallest context beyond it) is refused by the engine, and no rule foretells it. Scores take the models in turns.

Effective values are told where the running engine can be asked for them, and the walk says what it holds: of a model
\`gpuLayers\`, \`useMmap\`, \`lazyMode\` and the defaults for contexts; of a context \`sequences\`, \`batchSize\`, \`threads\` and
\`flashAttention\`. Not told are \`contextSize\` (it is rounded up to a multiple of 256 only while the model was trained on more
than that), the kinds of cache (the engine gives back a number for a name, which is no change), options that native code keeps
to itself (\`swaFullCache\`, \`performanceTracking\`, \`useMlock\`, \`checkTensors\`), and all sampling options: a sampler is made of
them for each token, and nothing can be read back.`;
