export * from "./experiment.ts";
export type { ExecutionSettings, GapSettings, RunOrder, StoppingSettings } from "./execution.ts";
export {
  checkText,
  leavesFolder,
  loadExperiment,
  loadStudy,
  projectOf,
  type CheckOptions,
  type LoadOptions,
  type StudyOptions,
} from "./load.ts";
export type { LoadedStudy, Study } from "./sweep/study.ts";
export { sampleIndices } from "./sweep/sample.ts";
export type { PointListener, RefusedPoints } from "./sweep/walk.ts";
export type { CheckedPoint } from "./sweep/point-check.ts";
export {
  findCorpus,
  loadCorpus,
  loadParameterSchema,
  type CorpusLookup,
  type CorpusOptions,
  type ParameterSchema,
  type RulesLookup,
  type SchemaLookup,
} from "./corpora.ts";
export { evaluate } from "./evaluate.ts";
export type { EntryConfig, EntryVerdict, FiredRule, VerdictKind } from "./corpus/verdict.ts";
export type { RuleSet } from "./corpus/rule-set.ts";
export { resolve, type Layers, type LoadedExperiment, type ResolveOptions } from "./resolve.ts";
export { hasErrors, sortProblems, type Problem } from "./problem.ts";
export { parseText, type Parsed, type ParseOptions } from "./yaml/parse.ts";
export type { Entry, ListNode, Located, MapNode, Mark, Path, ScalarNode } from "./yaml/located.ts";
export { nearest, suggestion } from "./suggest.ts";
export { PRESET_NAMES } from "./layers/presets.ts";
export type { Flags } from "./layers/flags.ts";
export { listFieldValues, type FieldValue } from "./provenance.ts";
export { workerSections } from "./sections.ts";
export { experimentJsonSchema, listFields, type Field } from "./schema/fields.ts";
export { CONFIG_SCHEMA_VERSION } from "./schema/experiment.ts";
export { exampleExperimentYaml, type NativeExample } from "./example-yaml.ts";
export type { CompiledPredicate, EvaluationInput, Expr, PyValue, Verdict } from "./invariants/index.ts";
