import { canonicalJson } from "@lem/domain";
import type { ProbeAnswer, ProbeRequest } from "./protocol.ts";
import type { ProbeSession } from "./session.ts";
import { batched, seededRandom, shuffled } from "./shuffle.ts";

/** How many probes are put together. */
export interface RunOptions {
  readonly seed: number;
  /** Probes that one forked child answers. */
  readonly batch: number;
  /** Share of the probes that run twice, in another order, to find answers that depend on it. */
  readonly repeated: number;
  readonly silenceMs: number;
}

/**
 * Runs probes in an order of their own: in batches, each in a process that knows nothing of the others. A probe that
 * is lost has another try alone; one whose two answers differ is `flaky`.
 */
export async function runProbes(
  session: ProbeSession,
  requests: readonly ProbeRequest[],
  options: RunOptions,
): Promise<readonly ProbeAnswer[]> {
  const random = seededRandom(options.seed);
  const answers = new Map<number, ProbeAnswer>();
  const numbered = requests.map((request, id) => ({ ...request, id }));
  const order = shuffled(numbered, random);
  for (const batch of batched(order, options.batch)) await runBatch(session, batch, options, answers);
  for (const request of numbered.filter(({ id }) => answers.get(id)?.kind === "lost"))
    await runBatch(session, [request], options, answers);
  await markFlaky(session, numbered, { ...options, random }, answers);
  return requests.map(({ id }, index) => ({ ...(answers.get(index) as ProbeAnswer), id }));
}

async function markFlaky(
  session: ProbeSession,
  requests: readonly ProbeRequest[],
  options: RunOptions & { readonly random: () => number },
  answers: Map<number, ProbeAnswer>,
): Promise<void> {
  const share = requests.length * options.repeated;
  const count = Math.floor(share) + (options.random() < share % 1 ? 1 : 0);
  const chosen = shuffled(requests, options.random).slice(0, count);
  const again = new Map<number, ProbeAnswer>();
  for (const batch of batched(chosen, options.batch)) await runBatch(session, batch, options, again);
  for (const [id, second] of again) {
    const first = answers.get(id);
    if (first?.kind === "done" && canonicalJson(first) !== canonicalJson(second))
      answers.set(id, { ...first, flaky: true });
  }
}

type Numbered = ProbeRequest;

/** When the probe itself ends in a batch, it is started again for what is left, in halves: one of them may be to blame. */
async function runBatch(
  session: ProbeSession,
  batch: readonly Numbered[],
  options: RunOptions,
  answers: Map<number, ProbeAnswer>,
): Promise<void> {
  const answered = new Set<number>();
  try {
    await session.ask({
      op: "probe",
      body: { requests: batch },
      silenceMs: options.silenceMs,
      onAnswer: (answer) => {
        const told = answer as ProbeAnswer;
        answered.add(told.id);
        answers.set(told.id, told);
      },
    });
  } catch (error) {
    await session.restart(error);
    const rest = batch.filter(({ id }) => !answered.has(id));
    const [only] = rest;
    if (only !== undefined && batch.length === 1) answers.set(only.id, { id: only.id, kind: "lost", reason: "exited" });
    else for (const half of halves(rest)) await runBatch(session, half, options, answers);
  }
}

const halves = <T>(items: readonly T[]): T[][] =>
  items.length === 0 ? [] : batched(items, Math.max(1, Math.ceil(items.length / 2)));
