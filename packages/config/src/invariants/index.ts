export type * from "./expression.ts";
export type { OperatorName } from "./operators/table.ts";
export { parsePredicate } from "./codec/parse.ts";
export { printPredicate } from "./codec/print.ts";
export { parsePredicateYaml, printPredicateYaml, printTaggedYaml, yamlToTagged } from "./codec/yaml.ts";
export { parseTaggedJson } from "./codec/json-text.ts";
export { predicateSchema } from "./codec/schema.ts";
export { toPython } from "./python/render.ts";
export { pythonLiteral } from "./python/literal.ts";
export {
  compilePredicate,
  compileTruth,
  compileValue,
  type CompiledPredicate,
  type CompileOptions,
} from "./compile/compile.ts";
export { evaluate, evaluateValue } from "./evaluate.ts";
export { SlotTable, type EvaluationInput, type Frame, type Values } from "./frame.ts";
export { childrenOf, readsOf, type Reads } from "./reads.ts";
export {
  isFault,
  verdictOf,
  type ExceptionName,
  type Outcome,
  type Raises,
  type Truth,
  type Unknown,
  type UnknownReason,
  type Verdict,
} from "./outcome.ts";
export { decodeValue, encodeValue } from "./values/tagged.ts";
export * from "./values/value.ts";
