import { LemError, nanoseconds, type RequestTimeline } from "@lem/domain";
import type { WorkerEvent, WorkRequest } from "@lem/engines";
import { TokenColumn } from "./token-column.ts";

type TokensEvent = Extract<WorkerEvent, { event: "tokens" }>;
type FinishedEvent = Extract<WorkerEvent, { event: "finished" }>;

/** What one window expects of its worker. */
export interface ExpectedRun {
  readonly window: number;
  readonly requests: readonly WorkRequest[];
  /** True: every request must give exactly its `output_tokens`. */
  readonly pinnedOutput: boolean;
}

interface Entry {
  readonly asked: WorkRequest;
  readonly tokens: TokenColumn;
  submittedNs: number | undefined;
  finished: FinishedEvent | undefined;
}

/**
 * Folds the events of one run into a timeline for each request, twelve bytes a token, and checks them on the way:
 * known requests only, each submitted and finished once, times in order, counts that agree. The first contradiction
 * is kept and thrown by {@link TimelineRecorder.finish}, because an event handler must not throw.
 */
export class TimelineRecorder {
  readonly #expected: ExpectedRun;
  readonly #entries: Map<number, Entry>;
  #contradiction: LemError | undefined;
  #received = 0;

  constructor(expected: ExpectedRun) {
    this.#expected = expected;
    this.#entries = new Map(
      expected.requests.map((asked) => [
        asked.r,
        { asked, tokens: new TokenColumn(asked.output_tokens), submittedNs: undefined, finished: undefined },
      ]),
    );
  }

  /** Output tokens received so far. */
  get received(): number {
    return this.#received;
  }

  /** Takes one event of the run; events without a request are ignored. */
  accept(event: WorkerEvent): void {
    if (event.event !== "submitted" && event.event !== "tokens" && event.event !== "finished") return;
    const entry = this.#entries.get(event.r);
    if (entry === undefined) return this.#refuse("worker.protocol", event.r, "is no request of this run");
    if (entry.finished !== undefined)
      return this.#refuse("worker.protocol", event.r, `is finished, yet "${event.event}" came`);
    if (event.event === "submitted") this.#submit(entry, event.t_ns);
    else if (event.event === "tokens") this.#append(entry, event);
    else this.#finishRequest(entry, event);
  }

  /**
   * The timelines, by number of the request.
   * @throws LemError `worker.protocol` for events out of order, `measure.token-mismatch` for counts that disagree
   */
  finish(originNs: number): readonly RequestTimeline[] {
    if (this.#contradiction !== undefined) throw this.#contradiction;
    return [...this.#entries.values()].map((entry) => {
      const { finished, submittedNs, tokens } = entry;
      if (finished === undefined || submittedNs === undefined) {
        throw contradiction("measure.token-mismatch", this.#expected.window, entry.asked.r, "was never finished");
      }
      const { ids, times } = tokens.take();
      return {
        request: finished.r,
        window: this.#expected.window,
        origin_ns: nanoseconds(originNs),
        submitted_ns: nanoseconds(submittedNs),
        finished_ns: nanoseconds(finished.t_ns),
        input_tokens: finished.input_tokens,
        output_tokens: finished.output_tokens,
        output_ids: ids,
        token_ns: times,
        timing: finished.timing,
        finish: finished.finish,
      };
    });
  }

  #submit(entry: Entry, t_ns: number): void {
    if (entry.submittedNs !== undefined) return this.#refuse("worker.protocol", entry.asked.r, "was submitted twice");
    entry.submittedNs = t_ns;
  }

  #append(entry: Entry, { r, ids, t_ns }: TokensEvent): void {
    if (entry.submittedNs === undefined)
      return this.#refuse("worker.protocol", r, "has tokens before it was submitted");
    if (t_ns.length !== ids.length && t_ns.length > 0) {
      return this.#refuse("worker.protocol", r, `has ${ids.length} tokens with ${t_ns.length} times in one line`);
    }
    this.#received += ids.length;
    const earliest = entry.tokens.lastTime ?? entry.submittedNs;
    if (!inOrder(earliest, t_ns)) return this.#refuse("worker.protocol", r, "has token times that run backwards");
    if (!entry.tokens.append(ids, t_ns)) {
      this.#refuse(
        "measure.token-mismatch",
        r,
        `gave more than the ${entry.asked.output_tokens} tokens it was asked for`,
      );
    }
  }

  #finishRequest(entry: Entry, event: FinishedEvent): void {
    const { r } = event;
    const { tokens, asked, submittedNs } = entry;
    entry.finished = event;
    if (submittedNs === undefined) return this.#refuse("worker.protocol", r, "finished before it was submitted");
    if (event.t_ns < (tokens.lastTime ?? submittedNs)) {
      return this.#refuse("worker.protocol", r, "finished before its last token");
    }
    const fault = countFault(event, asked, tokens, this.#expected.pinnedOutput);
    if (fault !== undefined) this.#refuse("measure.token-mismatch", r, fault);
  }

  #refuse(code: "worker.protocol" | "measure.token-mismatch", request: number, what: string): void {
    this.#contradiction ??= contradiction(code, this.#expected.window, request, what);
  }
}

function contradiction(
  code: "worker.protocol" | "measure.token-mismatch",
  window: number,
  request: number,
  what: string,
): LemError {
  return new LemError(code, `request ${request} of window ${window} ${what}`, {
    hint: "nothing of this run is counted; this is a defect of the engine's worker, please report it with log.txt",
    context: { window, request },
  });
}

function inOrder(earliest: number, times: readonly number[]): boolean {
  let last = earliest;
  return times.every((time) => {
    const ordered = time >= last;
    last = time;
    return ordered;
  });
}

/** What is wrong with the counts of a finished request, if anything. */
function countFault(
  event: FinishedEvent,
  asked: WorkRequest,
  tokens: TokenColumn,
  pinned: boolean,
): string | undefined {
  const { output_tokens, input_tokens, timing, finish } = event;
  if (output_tokens !== tokens.length) return `counts ${output_tokens} output tokens, ${tokens.length} arrived`;
  if (input_tokens !== asked.tokens.length) return `counts ${input_tokens} input tokens of ${asked.tokens.length} sent`;
  if (timing === "none" ? tokens.timed > 0 : tokens.timed !== tokens.length) {
    return `has ${tokens.timed} token times for ${tokens.length} tokens of timing "${timing}"`;
  }
  if (pinned && finish !== "cancelled" && output_tokens !== asked.output_tokens) {
    return `gave ${output_tokens} tokens, although exactly ${asked.output_tokens} are pinned`;
  }
  return undefined;
}
