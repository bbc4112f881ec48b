import type { SchemaElement } from "hyparquet";
import { fileWriter, ParquetWriter } from "hyparquet-writer";
import { LemError, nanoseconds, type RequestTimeline } from "@lem/domain";
import { replaceFileAtomic } from "@lem/engines/atomic-file";
import { readRows } from "./read-rows.ts";

/** Rows a row group: bounds the memory of the conversion, whatever the length of the run. */
const ROWS = 64;

const list = (name: string, type: "INT32" | "INT64"): SchemaElement[] => [
  { name, repetition_type: "REQUIRED", num_children: 1, converted_type: "LIST" },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  { name: "element", type, repetition_type: "REQUIRED" },
];
const scalar = (name: string, type: "INT32" | "INT64"): SchemaElement => ({ name, type, repetition_type: "REQUIRED" });
const text = (name: string): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  repetition_type: "REQUIRED",
});

const COLUMNS: SchemaElement[][] = [
  [scalar("request", "INT32")],
  [scalar("window", "INT32")],
  [scalar("origin_ns", "INT64")],
  [scalar("submitted_ns", "INT64")],
  [scalar("finished_ns", "INT64")],
  [scalar("input_tokens", "INT32")],
  [scalar("output_tokens", "INT32")],
  [text("finish")],
  [text("timing")],
  list("input_ids", "INT32"),
  list("output_ids", "INT32"),
  list("token_ns", "INT64"),
];

/** What a `requests.parquet` is written from. */
export interface RequestsTable {
  readonly timelines: readonly RequestTimeline[];
  /** Input ids by number of the request in the workload. */
  readonly inputIds: (request: number) => readonly number[];
}

const whole = (values: ArrayLike<number>): bigint[] => Array.from(values, (value) => BigInt(Math.round(value)));

function columnsOf(rows: readonly RequestTimeline[], inputIds: RequestsTable["inputIds"]): Record<string, unknown[]> {
  return {
    request: rows.map((row) => row.request),
    window: rows.map((row) => row.window),
    origin_ns: whole(rows.map((row) => row.origin_ns)),
    submitted_ns: whole(rows.map((row) => row.submitted_ns)),
    finished_ns: whole(rows.map((row) => row.finished_ns)),
    input_tokens: rows.map((row) => row.input_tokens),
    output_tokens: rows.map((row) => row.output_tokens),
    finish: rows.map((row) => row.finish),
    timing: rows.map((row) => row.timing),
    input_ids: rows.map((row) => [...inputIds(row.request)]),
    output_ids: rows.map((row) => [...row.output_ids]),
    token_ns: rows.map((row) => whole(row.token_ns)),
  };
}

/**
 * Writes one row a request: exact input and output ids, and the arrival of every token in nanoseconds since the
 * window's origin. Rows are converted and flushed in groups, so memory stays flat.
 * @throws LemError `io.disk-full`, `io.permission`
 */
export async function writeRequestsParquet(path: string, table: RequestsTable): Promise<void> {
  await replaceFileAtomic(path, async (temporary) => {
    const schema: SchemaElement[] = [{ name: "root", num_children: COLUMNS.length }, ...COLUMNS.flat()];
    const writer = new ParquetWriter({
      writer: fileWriter(temporary),
      schema,
      createdBy: "lem",
      kvMetadata: [{ key: "lem_schema_version", value: "1" }],
    });
    for (let from = 0; from === 0 || from < table.timelines.length; from += ROWS) {
      const columns = columnsOf(table.timelines.slice(from, from + ROWS), table.inputIds);
      await writer.write({
        columnData: Object.entries(columns).map(([name, data]) => ({ name, data })),
        rowGroupSize: ROWS,
      });
    }
    await writer.finish();
  });
}

type Numeric = "request" | "window" | "input_tokens" | "output_tokens";
type Instant = "origin_ns" | "submitted_ns" | "finished_ns";
type Row = Readonly<Record<Numeric, number>> &
  Readonly<Record<Instant, bigint>> &
  Pick<RequestTimeline, "finish" | "timing"> & {
    readonly output_ids: readonly number[];
    readonly token_ns: readonly bigint[];
  };

/** Reads the requests of all windows back. @throws LemError `results.not-found` without the file */
export async function readRequestsParquet(path: string): Promise<readonly RequestTimeline[]> {
  const rows = await readRows<Row>(path);
  if (rows === undefined) throw new LemError("results.not-found", `there are no requests at ${path}`);
  const instant = (value: bigint): RequestTimeline["origin_ns"] => nanoseconds(Number(value));
  return rows.map(({ request, window, input_tokens, output_tokens, finish, timing, ...row }) => ({
    request,
    window,
    origin_ns: instant(row.origin_ns),
    submitted_ns: instant(row.submitted_ns),
    finished_ns: instant(row.finished_ns),
    input_tokens,
    output_tokens,
    output_ids: Int32Array.from(row.output_ids),
    token_ns: Float64Array.from(row.token_ns, Number),
    timing,
    finish,
  }));
}
