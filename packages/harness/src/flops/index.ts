export * from "./flops.ts";
export * from "./read-shape.ts";
export type { PhaseFlops, RequestLength } from "./passes.ts";
export type { ModelShape } from "./shape.ts";
export { countParameters } from "./parameters.ts";
