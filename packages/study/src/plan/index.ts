export type * from "./plan.ts";
export { estimateFrom, type Estimate, type PlannedWork } from "./estimate.ts";
export { orderOf } from "./order-of.ts";
export { planStudy, type Funnel, type LoadedPlan } from "./plan-study.ts";
