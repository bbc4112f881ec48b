import type { JsonValue } from "@lem/domain";
import type { Replies } from "@lem/engines";
import type { FlopEstimate } from "../flops/flops.ts";

/** The engine as it ran, as far as FLOPs depend on it. */
export interface FlopSubject {
  /** The engine's own name. */
  readonly engine: string;
  readonly load: Pick<Replies["load"], "effective" | "model">;
}

/** Counts of parameters that differ by more than this, relative, are those of different models. */
const SAME_MODEL = 0.001;

/**
 * An estimate with what it leaves out of the run that was really done: it counts plain generation with eager attention.
 * An estimate of another model than the engine holds is of low confidence.
 */
export function withReservations(estimate: FlopEstimate, subject: FlopSubject): FlopEstimate {
  if (estimate.method !== "analytic") return estimate;
  const other = otherModel(estimate, subject);
  const notes = [...estimate.notes, ...other, ...leftOut(subject)];
  if (notes.length === estimate.notes.length) return estimate;
  return { ...estimate, notes, confidence: other.length > 0 ? "low" : "high" };
}

function otherModel({ parameters: expected }: FlopEstimate, { load }: FlopSubject): string[] {
  const { parameters } = load.model;
  // What is quantised or adapted is held in other numbers than the shape's.
  const rebuilt = load.effective["quantization"] !== undefined || load.effective["adapter"] !== undefined;
  if (parameters === null || rebuilt || Math.abs(parameters - expected) <= SAME_MODEL * expected) return [];
  return [`the engine holds ${parameters} parameters, the shape that is counted has ${expected}`];
}

function leftOut({ engine, load: { effective } }: FlopSubject): string[] {
  const generation = effective["generation"] ?? {};
  const notes: string[] = [];
  if (engine !== "transformers") {
    notes.push(`attention and padding are counted as eager PyTorch multiplies them; ${engine} has kernels of its own`);
  }
  if (above(generation["num_beams"], 1)) notes.push("one beam is counted, the search ran several");
  if (above(generation["prompt_lookup_num_tokens"], 0))
    notes.push("speculated tokens that were refused are not counted");
  if (effective["adapter"]?.["merge"] === false) notes.push("the products of the adapter are not counted");
  return notes;
}

const above = (value: JsonValue | undefined, limit: number): boolean => typeof value === "number" && value > limit;
