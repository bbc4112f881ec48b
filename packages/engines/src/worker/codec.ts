import { LemError, type JsonObject } from "@lem/domain";
import { z } from "zod";
import { garbage } from "./line-splitter.ts";
import type { Operation, Replies, WorkerEvent, WorkerFailure } from "./protocol.ts";

/** One line from a worker. A reply is checked by {@link parseReply}, which knows the operation. */
export type WorkerMessage =
  | { readonly id: number; readonly kind: "event"; readonly event: WorkerEvent }
  | { readonly id: number; readonly kind: "reply"; readonly reply: unknown }
  | { readonly id: number; readonly kind: "failure"; readonly failure: WorkerFailure };

/**
 * Reads one line. Lines of tokens, of which a run has very many, are checked by hand; all others by schema.
 *
 * Throws `worker.protocol` for anything that is not a message.
 */
export function parseMessage(line: string): WorkerMessage {
  const message = parseObject(line);
  const { id, event } = message;
  if (typeof id !== "number") throw garbage("a line without the number of a request", line);
  if (event === "tokens") {
    if (!isTokens(message)) throw garbage("a malformed `tokens` event", line);
    return { id, kind: "event", event: message };
  }
  if (event !== undefined) return { id, kind: "event", event: checked(events, message, "event") };
  if (message["error"] !== undefined) {
    return { id, kind: "failure", failure: checked(failure, message["error"], "error") };
  }
  if (message["ok"] === undefined) throw garbage("a line that is neither event, reply nor error", line);
  return { id, kind: "reply", reply: message["ok"] };
}

/** Checks the reply to one operation; throws `worker.protocol` with the path of what is wrong. */
export function parseReply<Op extends Operation>(op: Op, reply: unknown): Replies[Op] {
  return checked<Replies[Op]>(replies[op] as z.ZodType<Replies[Op]>, reply, `reply to \`${op}\``);
}

function parseObject(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw garbage("a line that is not JSON", line);
  }
  if (typeof value !== "object" || value === null) throw garbage("a line that is not a JSON object", line);
  return value as Record<string, unknown>;
}

const MAX_TOKENS_PER_LINE = 256;

type Tokens = Extract<WorkerEvent, { event: "tokens" }>;

function isTokens(message: object): message is Tokens {
  const { r, ids, t_ns } = message as Record<string, unknown>;
  return (
    isCount(r) && isCounts(ids) && isCounts(t_ns) && ids.length === t_ns.length && ids.length <= MAX_TOKENS_PER_LINE
  );
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isCounts(value: unknown): value is number[] {
  if (!Array.isArray(value)) return false;
  for (const item of value as unknown[]) if (!isCount(item)) return false;
  return true;
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new LemError("worker.protocol", `the worker's ${what} is malformed: ${z.prettifyError(result.error)}`, {
    hint: "the worker and this program are of different versions, or the worker has a defect",
    context: { received: JSON.stringify(value).slice(0, 500) },
  });
}

const count = z.int().nonnegative();
/** Nanoseconds since boot, which a double no longer holds to the last one after 104 days. */
const instant = z.number().nonnegative();
const amount = z.number().nonnegative();
const text = z.string();
const jsonObject = z.custom<JsonObject>(
  (v) => typeof v === "object" && v !== null && !Array.isArray(v),
  "not an object",
);
const sections = z.record(text, jsonObject);
const leftOut = z.record(text, z.record(text, z.enum(["decided-by-lem", "not-data"])));
const nothing = z.object({});

const column = z.array(count).max(256);
const place = z.object({ path: text, qualname: text, line: count });
const ofKeys = { section: text, fields: z.array(text) };

const events: z.ZodType<WorkerEvent> = z.discriminatedUnion("event", [
  z.object({ event: z.literal("progress"), share: z.number().min(0).max(1).nullable(), what: text }),
  z.object({ event: z.literal("origin"), origin_ns: instant }),
  z.object({ event: z.literal("submitted"), r: count, t_ns: count }),
  z.object({
    event: z.literal("finished"),
    r: count,
    t_ns: count,
    input_tokens: count,
    output_tokens: count,
    finish: z.enum(["length", "stop", "cancelled"]),
    timing: z.enum(["token", "step", "chunk", "none"]),
  }),
  z.object({
    event: z.literal("steps"),
    t_ns: column,
    prompt_tokens: column,
    output_tokens: column,
    running: column,
    waiting: column,
  }),
  z.object({ event: z.literal("warning"), message: text }),
  z.object({ event: z.literal("said"), ...ofKeys, channel: z.enum(["warning", "log"]), category: text, place }),
]);

const failure: z.ZodType<WorkerFailure> = z.object({
  kind: z.enum(["failed", "out-of-memory", "not-supported", "bad-request"]),
  type: text,
  message: text,
  traceback: text.exactOptional(),
  refusal: z.object({ ...ofKeys, place: place.nullable() }).exactOptional(),
});

const replies: { readonly [Op in Operation]: z.ZodType<Replies[Op]> } = {
  hello: z.object({
    protocol: z.int(),
    engine: text,
    engine_version: text,
    pid: count,
    packages: z.record(text, text),
    processors: amount,
    configures: z.array(text).exactOptional(),
  }),
  describe: z.object({
    engine: text,
    engine_version: text,
    sections,
    defaults: sections,
    left_out: leftOut,
    descriptions: z.record(text, z.record(text, text)).exactOptional(),
  }),
  load: z.object({
    effective: sections,
    model: z.object({
      architecture: text.nullable(),
      parameters: count.nullable(),
      dtype: text.nullable(),
      context_length: count.nullable(),
      vocabulary: count.nullable(),
    }),
    devices: z.array(text),
    threads: count.exactOptional(),
    process_b: amount.nullable(),
    device_b: amount.nullable(),
    load_ns: count,
    any_work: z.boolean().exactOptional(),
  }),
  configure: z.object({ effective: sections }),
  tokenize: z.object({
    ids: z.custom<readonly (readonly number[])[]>(
      (v) => Array.isArray(v) && v.every(isCounts),
      "not lists of token ids",
    ),
  }),
  run: z.object({
    origin_ns: instant,
    end_ns: instant,
    cpu_s: amount.nullable(),
    process_peak_b: amount.nullable(),
    device_peak_b: amount.nullable(),
    batch_occupancy: amount.nullable(),
    kv_cache_use: amount.nullable(),
  }),
  unload: nothing,
  bye: nothing,
};
