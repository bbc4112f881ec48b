export { formatInterval, formatNumber, formatReading } from "./format.ts";
export { headline, summaryLines } from "./summary.ts";
export { tableLines } from "./table.ts";
