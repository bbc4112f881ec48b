/** An example of a command's help; a test runs every one of them. */
export interface Example {
  /** The command line after `lem`. */
  readonly input: string;
  readonly brief: string;
}

/** The commands that have help with examples. */
export type ExampleKey =
  | "run"
  | "plan"
  | "check"
  | "doctor"
  | "flops"
  | "enginesList"
  | "enginesInstall"
  | "enginesParams"
  | "enginesGaps"
  | "enginesDiff"
  | "invariantsList"
  | "invariantsExplain"
  | "modelsList"
  | "modelsPull"
  | "schedule"
  | "studyStatus"
  | "studyWatch"
  | "resultsList"
  | "resultsShow"
  | "resultsCompare"
  | "resultsRecompute"
  | "resultsAggregate"
  | "configShow"
  | "configInit";

/** Examples by command. */
export const EXAMPLES: Readonly<Record<ExampleKey, readonly Example[]>> = {
  run: [
    { input: "examples/quickstart.yaml", brief: "measure what a file describes" },
    { input: "--engine llama-cpp --model smollm2-135m --set workload.output_tokens=64", brief: "without a file" },
    {
      input: "examples/quickstart.yaml --set workload.batch_size=4 --json",
      brief: "one field changed, result as JSON",
    },
  ],
  plan: [
    { input: "examples/quickstart.yaml", brief: "every field with its origin, and what would run" },
    { input: "examples/studies/beams.yaml --why", brief: "what becomes of a study's points, and why" },
    { input: "--engine transformers --json", brief: "for programs" },
  ],
  check: [
    { input: "examples/quickstart.yaml", brief: "problems only; needs no engine" },
    { input: "examples/quickstart.yaml --json", brief: "problems with file, line and column" },
    {
      input: "examples/configs.ndjson --ndjson --engine transformers",
      brief: "a verdict a line on configurations of engine classes",
    },
  ],
  doctor: [
    { input: "", brief: "what this machine can measure and run" },
    { input: "energy", brief: "one part of it" },
  ],
  flops: [
    { input: "builtin:tiny --input 128 --output 64", brief: "operations of one request, without running" },
    { input: "builtin:tiny --input 128 --output 64 --batch 8 --json", brief: "of a batch, for programs" },
  ],
  enginesList: [{ input: "", brief: "engines, their versions and whether they are installed" }],
  enginesInstall: [{ input: "llama-cpp", brief: "what an engine still needs" }],
  enginesDiff: [
    { input: "transformers 5.17.0 5.23.0", brief: "rules, parameters and defaults that differ" },
    { input: "transformers 5.17.0 5.23.0 examples/transformers.yaml --json", brief: "and what becomes of a file" },
  ],
  enginesParams: [
    { input: "", brief: "how many parameters of each engine are known" },
    { input: "transformers generation", brief: "the parameters of one section: type, default, bounds, rules" },
    { input: "transformers num_beams", brief: "all that is known of one" },
    { input: "llama-cpp --results results", brief: "and which of them moved energy or throughput in results" },
    { input: "--results results", brief: "only those that results tell something of, of all engines" },
    { input: "transformers BitsAndBytesConfig --json", brief: "those of a class, for programs" },
  ],
  enginesGaps: [
    { input: "", brief: "gaps of the rules, over ./results" },
    { input: "results/RUN --json", brief: "of one run, for `pnpm mine --gaps`" },
  ],
  invariantsList: [
    { input: "", brief: "every rule of the newest known version of each engine" },
    { input: "transformers.GenerationConfig --engine-version 5.17.0", brief: "of one class, of one version" },
  ],
  invariantsExplain: [
    { input: "RULE", brief: "the condition of a rule in words, its place in the engine's source, its evidence" },
  ],
  modelsList: [{ input: "", brief: "aliases and what the cache holds" }],
  modelsPull: [{ input: "builtin:tiny", brief: "fetch a model before a run" }],
  schedule: [
    {
      input: "examples/quickstart.yaml --at 2026-12-24T22:00 --for 8h",
      brief: "within eight hours of a moment; what is left waits for the next one",
    },
  ],
  studyStatus: [{ input: "", brief: "the newest study of the results folder" }],
  studyWatch: [{ input: "--json", brief: "a line whenever it changes, as JSON" }],
  resultsList: [{ input: "", brief: "studies below ./results, newest first" }],
  resultsShow: [{ input: "results/RUN", brief: "the summary of a run again" }],
  resultsCompare: [{ input: "results/RUN results/OTHER", brief: "what costs less, or that they cannot be told apart" }],
  resultsRecompute: [{ input: "results/RUN", brief: "whether the raw streams give the same figures" }],
  resultsAggregate: [
    { input: "results/RUN", brief: "one result of each experiment's cycles again, from the raw results" },
  ],
  configShow: [
    { input: "examples/quickstart.yaml", brief: "the resolved configuration, one field a line with its origin" },
  ],
  configInit: [
    { input: "", brief: "print an annotated experiment to start from" },
    { input: "--engine llama-cpp --all", brief: "with every parameter of an engine as a comment" },
  ],
};
