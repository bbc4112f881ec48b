import { LemError } from "@lem/domain";
import type { ResolvedWorkload } from "@lem/config";
import { groupRequests } from "./batching.ts";
import type { PromptSet } from "./prompts.ts";

/** What the engine must hold at once; it has to be known before the model is loaded. */
export interface Capacity {
  /** Sequences side by side. */
  readonly parallel: number;
  /** The longest input + output among them. */
  readonly max_sequence_tokens: number;
}

/**
 * Computes what a workload needs. Lengths of file prompts are unknown before the engine has tokenised them: then each
 * counts as one token for `parallel` and as `input_tokens` for the sequence, so that both are upper bounds.
 * @throws LemError `config.conflict` when one request exceeds the token budget
 */
export function capacityOf(workload: ResolvedWorkload, prompts: PromptSet): Capacity {
  const { input_tokens, output_tokens, n, concurrency } = workload;
  const lengths = knownLengths(workload, prompts) ?? Array.from({ length: n }, () => 1);
  const longest = prompts.kind === "synthetic" ? largest(lengths) : input_tokens;
  const largestGroup = largest(groupRequests(lengths, (length) => length, workload).map((group) => group.length));
  return { parallel: Math.min(n, largestGroup * concurrency), max_sequence_tokens: longest + output_tokens };
}

function knownLengths(workload: ResolvedWorkload, prompts: PromptSet): readonly number[] | undefined {
  if (prompts.kind === "synthetic") return prompts.lengths;
  return prompts.fill ? Array.from({ length: workload.n }, () => workload.input_tokens) : undefined;
}

/**
 * Refuses work beyond the model's context; an unknown context length refuses nothing.
 * @throws LemError `workload.beyond-context`
 */
export function checkContext(capacity: Capacity, output_tokens: number, contextLength: number | null): void {
  const needed = capacity.max_sequence_tokens;
  if (contextLength === null || needed <= contextLength) return;
  const input = needed - output_tokens;
  throw new LemError(
    "workload.beyond-context",
    `${input} input + ${output_tokens} output tokens = ${needed}, the model's context holds ${contextLength}`,
    {
      hint: contextHint(input, output_tokens, contextLength),
      place: { path: "workload" },
      context: { needed, context_length: contextLength },
    },
  );
}

function contextHint(input: number, output: number, contextLength: number): string {
  const [inputRoom, outputRoom] = [contextLength - output, contextLength - input];
  if (inputRoom < 1 && outputRoom < 1) return "shorten both workload.input_tokens and workload.output_tokens";
  const ways = [
    ...(inputRoom < 1 ? [] : [`workload.input_tokens to at most ${inputRoom}`]),
    ...(outputRoom < 1 ? [] : [`workload.output_tokens to at most ${outputRoom}`]),
  ];
  return `set ${ways.join(", or ")}`;
}

const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);
