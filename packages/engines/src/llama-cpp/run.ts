import { LemError, type JsonObject } from "@lem/domain";
import type { LlamaContextSequence, Token } from "node-llama-cpp";
import { cpuSeconds, processPeakBytes, resetProcessPeak } from "../worker/process-facts.ts";
import type { Replies, Requests, WorkRequest } from "../worker/protocol.ts";
import type { EmitEvent } from "../worker/serve.ts";
import { monotonicNs, TokenStream } from "../worker/token-stream.ts";
import type { LoadedModel } from "./load.ts";
import { Places } from "./places.ts";

/** One run: what is loaded, how to sample, and where tokens are told. */
export interface Run extends LoadedModel {
  /** Options of the binding's `evaluate`. */
  readonly sampling: JsonObject;
  readonly emit: EmitEvent;
}

/**
 * Runs groups of requests, `concurrency` of them at once and the requests of each together; the binding batches what
 * is in flight. Every request begins on an empty sequence, so its whole input is processed within the run.
 * @throws LemError `engine.unsupported` for a request that its sequence cannot hold, or what the engine raises; then
 * the other requests are ended first
 */
export async function runGroups(request: Requests["run"], run: Run): Promise<Replies["run"]> {
  for (const one of request.groups.flat()) refuseOverlong(one, run.context.contextSize);
  resetProcessPeak();
  const cpu = cpuSeconds();
  const stream = new TokenStream(run.emit);
  const flight = new Flight(run, request.pinned_output, stream);
  const end_ns = await flight
    .all(request.groups, request.concurrency)
    .then(monotonicNs)
    .finally(() => stream.close());
  return {
    origin_ns: stream.originNs,
    end_ns,
    cpu_s: cpuSeconds() - cpu,
    process_peak_b: processPeakBytes(),
    device_peak_b: null,
    // The binding shows its batches to nobody; with one place every step has one sequence.
    batch_occupancy: run.context.totalSequences === 1 ? 1 : null,
    kv_cache_use: flight.peakCells / run.context.getAllocatedContextSize(),
  };
}

/** The last output token is never evaluated, but a sequence also keeps one cell free. */
function refuseOverlong({ r, tokens, output_tokens }: WorkRequest, room: number): void {
  if (tokens.length === 0) throw new LemError("engine.unsupported", `request ${r} has no input to begin with`);
  const needed = tokens.length + output_tokens;
  if (needed <= room) return;
  throw new LemError("engine.unsupported", `request ${r} needs ${needed} tokens, and a sequence holds ${room}`);
}

/** The requests of one run while they are in flight. */
class Flight {
  /** Most cells of the KV cache that were in use at the arrival of a token. */
  peakCells = 0;
  readonly #places: Places;
  readonly #pinned: boolean;
  readonly #run: Run;
  readonly #stream: TokenStream;
  #cells = 0;
  #failed = false;

  constructor(run: Run, pinned: boolean, stream: TokenStream) {
    this.#places = new Places(run.context);
    this.#pinned = pinned;
    this.#run = run;
    this.#stream = stream;
  }

  /** Takes the groups in their order, `concurrency` at once. Ends when all have ended, whatever the reason. */
  async all(groups: Requests["run"]["groups"], concurrency: number): Promise<void> {
    const queue = groups.values();
    const lane = async (): Promise<void> => {
      for (const group of queue) if (!this.#failed) await settled(group.map((request) => this.#one(request)));
    };
    await settled(Array.from({ length: Math.min(concurrency, groups.length) }, lane));
  }

  async #one(request: WorkRequest): Promise<void> {
    this.#stream.submitted(request.r);
    try {
      await this.#places.with((sequence) => this.#evaluate(request, sequence));
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  async #evaluate({ r, tokens, output_tokens }: WorkRequest, sequence: LlamaContextSequence): Promise<void> {
    const { model, sampling } = this.#run;
    const options = this.#pinned ? { ...sampling, yieldEogToken: true } : sampling;
    let finish: "length" | "stop" = "stop";
    let told = 0;
    this.#cells += tokens.length - 1;
    for await (const token of sequence.evaluate(tokens as Token[], options)) {
      this.#stream.token(r, token);
      told += 1;
      this.#cells += 1;
      if (this.#cells > this.peakCells) this.peakCells = this.#cells;
      if (this.#failed) return;
      if (!this.#pinned && model.isEogToken(token)) break;
      if (told < output_tokens) continue;
      finish = "length";
      break;
    }
    this.#cells -= tokens.length - 1 + told;
    this.#stream.finished(r, { ...counted(sequence, told), finish, timing: "token" });
  }
}

/**
 * The engine's meter counts a position as output when it was sampled from, and the last input token is one. A token
 * that ended the text without being handed out is in the meter too, and not among the tokens told.
 */
function counted(sequence: LlamaContextSequence, told: number): { input_tokens: number; output_tokens: number } {
  const { usedInputTokens, usedOutputTokens } = sequence.tokenMeter;
  return { input_tokens: usedInputTokens + 1, output_tokens: Math.min(usedOutputTokens, told) };
}

/** Waits for all of them, then throws what the first failure threw. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
