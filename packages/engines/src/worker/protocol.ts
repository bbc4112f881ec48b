import type { JsonObject, SourcePlace } from "@lem/domain";
import type { ModelFormat } from "../adapter.ts";

/**
 * The worker protocol: its only description on this side; `codec.ts` holds the matching checks, `protocol.py` and
 * `serve.ts` the worker's ends for Python and Node. One JSON object a line, UTF-8, at most 64 MiB. Every request has
 * an `id`; its events carry the same `id`; exactly one reply ends it, and requests are answered one after another.
 *
 *     host -> worker   {"id": 1, "op": "load", ...}
 *     worker -> host   {"id": 1, "event": "progress", ...}     any number
 *     worker -> host   {"id": 1, "ok": {...}}  or  {"id": 1, "error": {...}}
 *
 * Requests arrive on the worker's stdin. Replies and events leave through the descriptor that LEM_PROTOCOL_FD names
 * (processes of this machine: 3), else through the original stdout, which a Python worker moves aside at start. What
 * the engine prints to 1 and 2 is chatter and goes to the log.
 *
 * The host keeps stdin open until the worker has ended. Its end means that the host is gone: the worker ends itself
 * and its process group at once. After the reply to `bye` the worker ends by itself.
 *
 * Instants are CLOCK_MONOTONIC nanoseconds, which host, worker and container share. Within a run they are written
 * as offsets from the run's `origin_ns`, to keep lines short. Numbers that JSON lacks are tagged:
 * `{"$py": "float", "value": "inf"}`.
 */
export const PROTOCOL_VERSION = 1;

/** Engine parameters by native section, only the keys that the user set. */
export type Sections = Readonly<Record<string, JsonObject>>;

/** One request of a run. */
export interface WorkRequest {
  /** Number of the request in the workload. */
  readonly r: number;
  readonly tokens: readonly number[];
  readonly output_tokens: number;
}

/** What the host asks with each operation. */
export interface Requests {
  readonly hello: { readonly protocol: number };
  readonly describe: object;
  readonly load: {
    /** Path of a GGUF file or a Hugging Face folder. */
    readonly model: string;
    readonly format: ModelFormat;
    readonly sections: Sections;
    /** Sequences that must fit side by side. */
    readonly parallel: number;
    /** The longest input + output among them. */
    readonly max_sequence_tokens: number;
    readonly seed: number;
    /** `random`: the folder holds no weights; build the model from its config.json with random weights of `seed`. */
    readonly weights?: "files" | "random";
  };
  /**
   * What else than its load a loaded model works with: the sections that `hello` names, only the keys that the user set.
   * They take the place of those before.
   */
  readonly configure: { readonly sections: Sections };
  readonly tokenize: { readonly texts: readonly string[]; readonly add_special_tokens: boolean };
  readonly run: {
    /** Groups of requests submitted together; a group ends when its last request does. */
    readonly groups: readonly (readonly WorkRequest[])[];
    /** Groups in flight at once. */
    readonly concurrency: number;
    /** True: exactly `output_tokens` tokens each, end of sequence ignored. */
    readonly pinned_output: boolean;
    readonly seed: number;
  };
  readonly unload: object;
  readonly bye: object;
}

/** The operations of the protocol, in the order of a session. */
export const OPERATIONS = ["hello", "describe", "load", "configure", "tokenize", "run", "unload", "bye"] as const;
/** One operation. */
export type Operation = (typeof OPERATIONS)[number];

/** By section and name: lem decides it elsewhere, or no file can hold it (a callback, an open stream). */
export type LeftOut = Readonly<Record<string, Readonly<Record<string, "decided-by-lem" | "not-data">>>>;

/** What the worker answers to each operation. */
export interface Replies {
  readonly hello: {
    readonly protocol: number;
    readonly engine: string;
    readonly engine_version: string;
    readonly pid: number;
    /** Versions of the packages that decide the figures: torch, tokenizers, CUDA runtime, llama.cpp build, ... */
    readonly packages: Readonly<Record<string, string>>;
    /** Processors that the process may use. */
    readonly processors: number;
    /** Sections that `configure` takes; left out by a worker that cannot change what it has loaded. */
    readonly configures?: readonly string[];
  };
  readonly describe: {
    readonly engine: string;
    readonly engine_version: string;
    /** A JSON Schema (draft 2020-12) of each native section. */
    readonly sections: Sections;
    /** Values an option takes when the user says nothing, by section, where the engine states them. */
    readonly defaults: Sections;
    /** Public names of the engine's that a section does not take, and why. */
    readonly left_out: LeftOut;
    /** SHA-256 of what the engine writes of a name, by section, where no class tells it (`classes.json` of its corpus). */
    readonly descriptions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  readonly load: {
    /** What the engine holds after construction, by native section; at least every key that was set. */
    readonly effective: Sections;
    readonly model: {
      readonly architecture: string | null;
      readonly parameters: number | null;
      readonly dtype: string | null;
      readonly context_length: number | null;
      readonly vocabulary: number | null;
    };
    readonly devices: readonly string[];
    /** Threads that compute on processors; left out where the engine does not say it. */
    readonly threads?: number;
    /** Resident bytes of the process after loading. */
    readonly process_b: number | null;
    /** Bytes allocated on devices after loading. */
    readonly device_b: number | null;
    readonly load_ns: number;
    /** True when nothing was made to measure: another `parallel` and `max_sequence_tokens` would give the same. */
    readonly any_work?: boolean;
  };
  /** `effective` as after a load with these sections. */
  readonly configure: { readonly effective: Sections };
  readonly tokenize: { readonly ids: readonly (readonly number[])[] };
  readonly run: {
    readonly origin_ns: number;
    readonly end_ns: number;
    /** CPU seconds of the process and its children during the run. */
    readonly cpu_s: number | null;
    readonly process_peak_b: number | null;
    readonly device_peak_b: number | null;
    /** Mean over decode steps of active sequences / places in the batch, 0 to 1. */
    readonly batch_occupancy: number | null;
    /** Largest share of the KV cache in use, 0 to 1. */
    readonly kv_cache_use: number | null;
  };
  readonly unload: object;
  readonly bye: object;
}

/** What a worker says while it works on a request. */
export type WorkerEvent =
  /** Loading progress, 0 to 1, or null when unknown; also proof of life. */
  | { readonly event: "progress"; readonly share: number | null; readonly what: string }
  /** The run began; offsets count from here. */
  | { readonly event: "origin"; readonly origin_ns: number }
  /** A request was submitted to the engine. */
  | { readonly event: "submitted"; readonly r: number; readonly t_ns: number }
  /** Output tokens of one request with the arrival of each; at most 256 a line, flushed at least each 250 ms. */
  | { readonly event: "tokens"; readonly r: number; readonly ids: readonly number[]; readonly t_ns: readonly number[] }
  /** A request is complete; the counts are the engine's own. */
  | {
      readonly event: "finished";
      readonly r: number;
      readonly t_ns: number;
      readonly input_tokens: number;
      readonly output_tokens: number;
      readonly finish: "length" | "stop" | "cancelled";
      readonly timing: "token" | "step" | "chunk" | "none";
    }
  /** What the engine's scheduler did in the run; sent at its end, at most 256 steps a line. */
  | ({ readonly event: "steps" } & StepColumns)
  | { readonly event: "warning"; readonly message: string }
  /** The engine issued a warning or a log record while it took the user's keys of a section. */
  | ({ readonly event: "said" } & SaidOfKeys);

/** Steps of the engine in their order: one entry a step in each column. */
export interface StepColumns {
  /** When the results of the step were there; offset from the run's origin. */
  readonly t_ns: readonly number[];
  /** Tokens that were computed of the prompts whose first output token came with this step; none from a cache. */
  readonly prompt_tokens: readonly number[];
  readonly output_tokens: readonly number[];
  /** Requests in the batch. */
  readonly running: readonly number[];
  /** Requests that wait for a place in it. */
  readonly waiting: readonly number[];
}

/** What the engine said while it took the user's keys of a section. */
export interface SaidOfKeys {
  readonly section: string;
  /** Keys of the section that its text names. */
  readonly fields: readonly string[];
  readonly channel: "warning" | "log";
  /** Class of the warning, or level of the record. */
  readonly category: string;
  readonly place: SourcePlace;
}

/** An error that the engine raised while it took the user's keys of a section, and that may be their fault. */
export interface RefusalOfKeys {
  readonly section: string;
  /** Keys of the section that its text names. */
  readonly fields: readonly string[];
  /** The innermost place in the engine's package; null when it lies in none. */
  readonly place: SourcePlace | null;
}

/** An error as the engine raised it. */
export interface WorkerFailure {
  /** `failed`: the engine raised. The others are told apart for the error code and hint. */
  readonly kind: "failed" | "out-of-memory" | "not-supported" | "bad-request";
  /** Class name of the exception. */
  readonly type: string;
  readonly message: string;
  readonly traceback?: string;
  readonly refusal?: RefusalOfKeys;
}
