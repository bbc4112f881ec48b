export { compareResults, comparisonLines } from "./compare.ts";
export { effectText, parameterEffects, type ParameterEffect } from "./effects.ts";
export { formatInterval, formatNumber, formatReading } from "./format.ts";
export { failureLines, headline, summaryLines } from "./summary.ts";
export { studyTableLines, type StudyRow } from "./study-table.ts";
export { tableLines } from "./table.ts";
