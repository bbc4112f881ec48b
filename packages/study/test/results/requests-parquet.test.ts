import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nanoseconds, type RequestTimeline } from "@lem/domain";
import { parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeRequestsParquet } from "../../src/results/requests-parquet.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-parquet-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const timeline = (request: number, outputTokens: number): RequestTimeline => ({
  request,
  window: 1,
  origin_ns: nanoseconds(9_007_199_254_740_001),
  submitted_ns: nanoseconds(10),
  finished_ns: nanoseconds(500),
  input_tokens: 3,
  output_tokens: outputTokens,
  output_ids: Int32Array.from({ length: outputTokens }, (_, index) => index + request),
  token_ns: Float64Array.from({ length: outputTokens }, (_, index) => 100 + index),
  timing: "token",
  finish: "length",
});

const read = (file: string): Promise<Record<string, unknown>[]> => {
  const bytes = readFileSync(file);
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
};

test("every request comes back with its ids and token times, over several row groups", async () => {
  const file = join(root, "requests.parquet");
  const timelines = Array.from({ length: 150 }, (_, index) => timeline(index, index % 5));
  await writeRequestsParquet(file, { timelines, inputIds: (request) => [request, 1, 2] });
  const rows = await read(file);
  expect(rows).toHaveLength(150);
  expect(rows[149]).toMatchObject({
    request: 149,
    origin_ns: 9_007_199_254_740_001n,
    finish: "length",
    input_ids: [149, 1, 2],
    output_ids: [149, 150, 151, 152],
    token_ns: [100n, 101n, 102n, 103n],
  });
  expect(rows[5]).toMatchObject({ output_ids: [], token_ns: [] });
});

test("a table without requests is a valid file without rows", async () => {
  const file = join(root, "requests.parquet");
  await writeRequestsParquet(file, { timelines: [], inputIds: () => [] });
  expect(await read(file)).toEqual([]);
});

test("a failed write leaves nothing behind", async () => {
  const file = join(root, "requests.parquet");
  const broken = { timelines: [{ ...timeline(0, 1), origin_ns: nanoseconds(Number.NaN) }], inputIds: () => [1] };
  await expect(writeRequestsParquet(file, broken)).rejects.toMatchObject({ code: "io.failed" });
  expect(readdirSync(root)).toEqual([]);
});
