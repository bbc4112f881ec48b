import { LemError, type JsonObject } from "@lem/domain";
import { causalFlops } from "./causal.ts";
import { executedFlops } from "./executed.ts";
import { countParameters } from "./parameters.ts";
import type { PhaseFlops, RequestLength } from "./passes.ts";
import { isKnownShape, readShape } from "./read-shape.ts";
import type { ModelShape } from "./shape.ts";

/** Requests of one length. */
export interface FlopWork extends RequestLength {
  /** Sequences side by side, 1 when left out. Padding is never counted. */
  readonly batch?: number;
}

/** What is known of a model besides its config. */
export interface FlopOptions {
  /** Parameters by another count (a GGUF header), for shapes that are not known. */
  readonly parameters?: number;
}

/** FLOPs with the way they were found. */
export interface FlopEstimate {
  /** `analytic`: from every matrix product of the shape. `parameter-count`: 2 FLOP a parameter and token (Kaplan et al. 2020). */
  readonly method: "analytic" | "parameter-count";
  /** `exact`: equals torch's count. `high`: the same formulas, with a reservation in `notes`. `low`: attention and structure unknown. */
  readonly confidence: "exact" | "high" | "low";
  readonly parameters: number;
  readonly executed: PhaseFlops;
  readonly causal: PhaseFlops;
  readonly notes: readonly string[];
}

/**
 * FLOPs of generating `output` tokens from `input` ones, over the batch, without running anything.
 * @throws LemError `flops.unknown-shape`; `config.out-of-range` for lengths that are no whole numbers
 */
export function estimateFlops(config: JsonObject, work: FlopWork, options: FlopOptions = {}): FlopEstimate {
  const batch = wholeFrom(1, work.batch ?? 1, "batch");
  const counter = counterOf(config, options);
  const once = counter.count({ input: wholeFrom(1, work.input, "input"), output: wholeFrom(0, work.output, "output") });
  return { ...counter.found, executed: times(once.executed, batch), causal: times(once.causal, batch) };
}

/** Token counts of one request as a run recorded them. */
export interface CountedRequest {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** FLOPs of a run: the sum over its requests, each a batch of one, so that padding never counts. */
export function flopsOfRequests(
  config: JsonObject,
  requests: readonly CountedRequest[],
  options: FlopOptions = {},
): FlopEstimate {
  const counter = counterOf(config, options);
  let [executed, causal] = [NOTHING, NOTHING];
  for (const [input, byOutput] of byLengths(requests))
    for (const [output, count] of byOutput) {
      const once = counter.count({ input, output });
      executed = plus(executed, times(once.executed, count));
      causal = plus(causal, times(once.causal, count));
    }
  return { ...counter.found, executed, causal };
}

interface Counter {
  readonly found: Pick<FlopEstimate, "method" | "confidence" | "parameters" | "notes">;
  count(request: RequestLength): { readonly executed: PhaseFlops; readonly causal: PhaseFlops };
}

function counterOf(config: JsonObject, { parameters }: FlopOptions): Counter {
  if (parameters !== undefined && !isKnownShape(config))
    return parameterCounter(wholeFrom(1, parameters, "parameters"));
  const { shape, notes } = readShape(config);
  return analyticCounter(shape, notes);
}

const analyticCounter = (shape: ModelShape, notes: readonly string[]): Counter => ({
  found: {
    method: "analytic",
    confidence: notes.length === 0 ? "exact" : "high",
    parameters: countParameters(shape),
    notes,
  },
  count: (request) => ({ executed: executedFlops(shape, request), causal: causalFlops(shape, request) }),
});

function parameterCounter(parameters: number): Counter {
  const notes = ["2 FLOP a parameter and token: attention is left out, embeddings are counted in"];
  const count = ({ input, output }: RequestLength): { executed: PhaseFlops; causal: PhaseFlops } => {
    const prefill = 2 * parameters * input;
    const decode = 2 * parameters * Math.max(0, output - 1);
    const flops = { prefill, decode, total: prefill + decode };
    return { executed: flops, causal: flops };
  };
  return { found: { method: "parameter-count", confidence: "low", parameters, notes }, count };
}

/** Counts requests by input length, then by output length. */
function byLengths(requests: readonly CountedRequest[]): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const groups = new Map<number, Map<number, number>>();
  for (const { input_tokens, output_tokens } of requests) {
    const input = wholeFrom(1, input_tokens, "input_tokens");
    const output = wholeFrom(0, output_tokens, "output_tokens");
    const group = groups.get(input) ?? new Map<number, number>();
    group.set(output, (group.get(output) ?? 0) + 1);
    groups.set(input, group);
  }
  return groups;
}

const NOTHING: PhaseFlops = { prefill: 0, decode: 0, total: 0 };

const times = (flops: PhaseFlops, count: number): PhaseFlops => ({
  prefill: flops.prefill * count,
  decode: flops.decode * count,
  total: flops.total * count,
});

const plus = (a: PhaseFlops, b: PhaseFlops): PhaseFlops => ({
  prefill: a.prefill + b.prefill,
  decode: a.decode + b.decode,
  total: a.total + b.total,
});

function wholeFrom(least: number, value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new LemError("config.out-of-range", `${name} is ${value}, expected a whole number from ${least} on`, {
    place: { path: name },
  });
}
