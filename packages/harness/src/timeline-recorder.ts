import { LemError, nanoseconds, type RequestTimeline } from "@lem/domain";
import type { WorkerEvent, WorkRequest } from "@lem/engines";
import { TokenColumn } from "./token-column.ts";

type TokensEvent = Extract<WorkerEvent, { event: "tokens" }>;
type FinishedEvent = Extract<WorkerEvent, { event: "finished" }>;

/** The edges of a run on CLOCK_MONOTONIC, as its reply gives them. */
export interface RunEdges {
  readonly origin_ns: number;
  readonly end_ns: number;
}

/** What one run expects of its worker. */
export interface ExpectedRun {
  readonly window: number | "warmup";
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
 * known requests only, each submitted and finished once, times in order, counts that agree. A contradiction is thrown
 * at once, and ends the run.
 */
export class TimelineRecorder {
  readonly #expected: ExpectedRun;
  readonly #entries: ReadonlyMap<number, Entry>;
  #received = 0;
  #originNs: number | undefined;

  constructor(expected: ExpectedRun) {
    this.#expected = expected;
    this.#entries = new Map(expected.requests.map((asked) => [asked.r, newEntry(asked)]));
  }

  /** Output tokens received so far. */
  get received(): number {
    return this.#received;
  }

  /**
   * Takes one event of the run; of those without a request only `origin` matters.
   * @throws LemError `worker.protocol` for events out of order, `measure.token-mismatch` for counts that disagree
   */
  accept(event: WorkerEvent): void {
    if (event.event === "origin") this.#originNs ??= event.origin_ns;
    if (event.event !== "submitted" && event.event !== "tokens" && event.event !== "finished") return;
    const entry = this.#entries.get(event.r);
    if (entry === undefined) throw this.#disorder(event.r, "is no request of this run");
    if (entry.finished !== undefined) throw this.#disorder(event.r, `is finished, yet "${event.event}" came`);
    if (event.event === "submitted") this.#submit(entry, event.t_ns);
    else if (event.event === "tokens") this.#append(entry, event);
    else this.#complete(entry, event);
  }

  /**
   * The timelines, in order of the requests; those of the warm-up belong to window -1.
   * @throws LemError `measure.token-mismatch` when a request was never finished, `worker.protocol` when its offsets do
   * not lie between the edges, or count from another origin
   */
  finish(edges: RunEdges): readonly RequestTimeline[] {
    this.#checkOrigin(edges);
    const window = this.#expected.window === "warmup" ? -1 : this.#expected.window;
    return [...this.#entries.values()].map(({ asked, tokens, submittedNs, finished }) => {
      if (finished === undefined || submittedNs === undefined) throw this.#mismatch(asked.r, "was never finished");
      if (finished.t_ns > edges.end_ns - edges.origin_ns) throw this.#disorder(asked.r, "finished after its window");
      const { ids, times } = tokens.take();
      return {
        request: asked.r,
        window,
        origin_ns: nanoseconds(edges.origin_ns),
        submitted_ns: nanoseconds(submittedNs),
        finished_ns: nanoseconds(finished.t_ns),
        input_tokens: finished.input_tokens,
        output_tokens: finished.output_tokens,
        output_ids: ids,
        token_ns: finished.timing === "none" ? NO_TIMES : times,
        timing: finished.timing,
        finish: finished.finish,
      };
    });
  }

  #checkOrigin({ origin_ns, end_ns }: RunEdges): void {
    const told = this.#originNs ?? origin_ns;
    if (end_ns >= origin_ns && told === origin_ns) return;
    const what = end_ns < origin_ns ? "ends before it begins" : "has two origins";
    throw new LemError("worker.protocol", `${this.#run()} ${what}`, {
      hint: HINT,
      context: { told, origin_ns, end_ns },
    });
  }

  #run(): string {
    const { window } = this.#expected;
    return window === "warmup" ? "the warm-up" : `window ${window}`;
  }

  #submit(entry: Entry, t_ns: number): void {
    if (entry.submittedNs !== undefined) throw this.#disorder(entry.asked.r, "was submitted twice");
    entry.submittedNs = t_ns;
  }

  #append(entry: Entry, { r, ids, t_ns }: TokensEvent): void {
    if (entry.submittedNs === undefined) throw this.#disorder(r, "has tokens before it was submitted");
    if (t_ns.length !== ids.length && t_ns.length > 0) {
      throw this.#disorder(r, `has ${ids.length} tokens with ${t_ns.length} times in one line`);
    }
    if (!inOrder(entry.tokens.lastTime ?? entry.submittedNs, t_ns)) {
      throw this.#disorder(r, "has token times that run backwards");
    }
    if (!entry.tokens.append(ids, t_ns)) {
      throw this.#mismatch(r, `gave more than the ${entry.asked.output_tokens} tokens it was asked for`);
    }
    this.#received += ids.length;
  }

  #complete(entry: Entry, event: FinishedEvent): void {
    const { asked, tokens, submittedNs } = entry;
    if (submittedNs === undefined) throw this.#disorder(event.r, "finished before it was submitted");
    if (event.t_ns < (tokens.lastTime ?? submittedNs)) throw this.#disorder(event.r, "finished before its last token");
    const fault = countFault(event, asked, tokens) ?? this.#pinFault(event, asked);
    if (fault !== undefined) throw this.#mismatch(event.r, fault);
    entry.finished = event;
  }

  #pinFault({ finish, output_tokens }: FinishedEvent, asked: WorkRequest): string | undefined {
    if (!this.#expected.pinnedOutput || finish === "cancelled" || output_tokens === asked.output_tokens)
      return undefined;
    return `gave ${output_tokens} tokens, although exactly ${asked.output_tokens} are pinned`;
  }

  #disorder(request: number, what: string): LemError {
    return this.#contradiction("worker.protocol", request, what);
  }

  #mismatch(request: number, what: string): LemError {
    return this.#contradiction("measure.token-mismatch", request, what);
  }

  #contradiction(code: "worker.protocol" | "measure.token-mismatch", request: number, what: string): LemError {
    return new LemError(code, `request ${request} of ${this.#run()} ${what}`, {
      hint: HINT,
      context: { window: this.#expected.window, request },
    });
  }
}

const HINT = "nothing of this run is counted; this is a defect of the engine's worker, please report it with log.txt";

/** What a worker sends as times of tokens that it says it cannot time is no measurement. */
const NO_TIMES = new Float64Array(0);

const newEntry = (asked: WorkRequest): Entry => ({
  asked,
  tokens: new TokenColumn(asked.output_tokens),
  submittedNs: undefined,
  finished: undefined,
});

function inOrder(earliest: number, times: readonly number[]): boolean {
  let last = earliest;
  for (const time of times) {
    if (time < last) return false;
    last = time;
  }
  return true;
}

/** What is wrong with the counts of a finished request, if anything. */
function countFault(event: FinishedEvent, asked: WorkRequest, tokens: TokenColumn): string | undefined {
  const { output_tokens, input_tokens, timing } = event;
  if (output_tokens !== tokens.length) return `counts ${output_tokens} output tokens, ${tokens.length} arrived`;
  if (input_tokens !== asked.tokens.length) return `counts ${input_tokens} input tokens of ${asked.tokens.length} sent`;
  if (timing === "none" || tokens.timed === tokens.length) return undefined;
  return `has ${tokens.timed} token times for ${tokens.length} of timing "${timing}"`;
}
