import { createHash } from "node:crypto";
import type { ResolvedWorkload } from "@lem/config";
import type { WorkloadRecord } from "@lem/domain";
import type { WorkRequest } from "@lem/engines";
import { groupRequests } from "./batching.ts";
import { inputIds, type Tokenizer } from "./inputs.ts";
import type { PromptSet } from "./prompts.ts";
import { seededStream, shuffled } from "./seeded-stream.ts";

/** The work of one window, the same in every window and warm-up. */
export interface PlannedWork {
  /** Requests by number. */
  readonly requests: readonly WorkRequest[];
  /** The same requests as they are submitted. */
  readonly groups: readonly (readonly WorkRequest[])[];
  /** Different inputs among the requests: fewer than the requests when prompts are used again. */
  readonly distinctInputs: number;
  /** SHA-256 over the inputs in order of number: 4 bytes of length, then 4 bytes an id, little endian. */
  readonly inputIdsSha256: string;
  readonly source: WorkloadRecord["source"];
}

/**
 * Plans the work: prompts become token ids, `n` requests are made of them in turn, their order is shuffled by the
 * seed, and groups are formed.
 * @throws LemError as {@link inputIds} and {@link groupRequests}
 */
export async function planWork(
  workload: ResolvedWorkload,
  prompts: PromptSet,
  tokenizer: Tokenizer,
): Promise<PlannedWork> {
  const inputs = await inputIds(workload, prompts, tokenizer);
  const requests = Array.from({ length: workload.n }, (_, r) => ({
    r,
    tokens: inputs[r % inputs.length] ?? [],
    output_tokens: workload.output_tokens,
  }));
  const submitted = shuffled(requests, seededStream(workload.seed, "order"));
  return {
    requests,
    groups: groupRequests(submitted, (request) => request.tokens.length, workload),
    distinctInputs: new Set(requests.map((request) => request.tokens.join(" "))).size,
    inputIdsSha256: hashInputs(requests),
    source: prompts.source,
  };
}

/** Hashes the inputs of all requests, whatever their order of submission. */
export function hashInputs(requests: readonly WorkRequest[]): string {
  const hash = createHash("sha256");
  for (const { tokens } of requests) {
    const bytes = Buffer.alloc(4 * (tokens.length + 1));
    bytes.writeUInt32LE(tokens.length, 0);
    tokens.forEach((id, index) => bytes.writeUInt32LE(id, 4 * (index + 1)));
    hash.update(bytes);
  }
  return hash.digest("hex");
}
