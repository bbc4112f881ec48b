import { LemError } from "@lem/domain";
import type { ResolvedWorkload } from "@lem/config";

/** How requests become groups. */
export type GroupingRule = Pick<ResolvedWorkload, "batching" | "batch_size" | "max_batch_tokens" | "output_tokens">;

/**
 * Groups items that are in the order of submission.
 *
 * `static`: `batch_size` at a time. `sorted`: longest input first, then as `static`; equal lengths keep their order.
 * `dynamic`: as many as fit `max_batch_tokens`, where a group counts as padded to its longest input plus output;
 * `batch_size` does not apply.
 * @throws LemError `config.conflict` when one request alone exceeds the token budget
 */
export function groupRequests<T>(items: readonly T[], lengthOf: (item: T) => number, rule: GroupingRule): T[][] {
  if (rule.batching === "dynamic") return groupsUnderBudget(items, lengthOf, rule);
  const ordered = rule.batching === "sorted" ? items.toSorted((a, b) => lengthOf(b) - lengthOf(a)) : items;
  const count = Math.ceil(ordered.length / rule.batch_size);
  return Array.from({ length: count }, (_, i) => ordered.slice(i * rule.batch_size, (i + 1) * rule.batch_size));
}

/** Tokens of a group when every request is padded to the longest input and gives its whole output. */
export const paddedTokens = (count: number, longestInput: number, outputTokens: number): number =>
  count * (longestInput + outputTokens);

function groupsUnderBudget<T>(items: readonly T[], lengthOf: (item: T) => number, rule: GroupingRule): T[][] {
  const groups: T[][] = [];
  let longest = 0;
  for (const item of items) {
    const length = lengthOf(item);
    refuseOversized(length, rule);
    const group = groups.at(-1);
    const widened = Math.max(longest, length);
    if (group !== undefined && paddedTokens(group.length + 1, widened, rule.output_tokens) <= rule.max_batch_tokens) {
      group.push(item);
      longest = widened;
    } else {
      groups.push([item]);
      longest = length;
    }
  }
  return groups;
}

function refuseOversized(length: number, rule: GroupingRule): void {
  const needed = length + rule.output_tokens;
  if (needed <= rule.max_batch_tokens) return;
  throw new LemError(
    "config.conflict",
    `one request takes ${needed} tokens, the budget of a batch is ${rule.max_batch_tokens}`,
    {
      hint: `set workload.max_batch_tokens to at least ${needed}, or shorten input_tokens or output_tokens`,
      place: { path: "workload.max_batch_tokens" },
    },
  );
}
