import { open, type FileHandle } from "node:fs/promises";
import { fromSystemError, LemError } from "@lem/domain";
import { ByteCursor, EndOfWindow } from "./cursor.ts";
import { GGUF_ALIGNMENT, GGUF_MAGIC, TENSOR_TYPES, VALUE_TYPE } from "./format.ts";

/** An array in GGUF metadata; texts are counted but not kept: vocabularies are large and nobody here reads them. */
export interface GgufArray {
  readonly length: number;
  /** The first 1,024 numbers or booleans; empty for texts. */
  readonly numbers: readonly (number | boolean)[];
}

/** A value in GGUF metadata. */
export type GgufValue = string | number | boolean | GgufArray;

/** One tensor as the header describes it. */
export interface GgufTensor {
  readonly name: string;
  /** Extents, fastest first: a matrix of `rows x columns` is `[columns, rows]`. */
  readonly dims: readonly number[];
  /** Number of its type in `TENSOR_TYPES`. */
  readonly type: number;
  /** Bytes after the start of the tensor data. */
  readonly offset: number;
}

/** What the header of a GGUF file says. */
export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
}

const FIRST_WINDOW = 1 << 20;
const LAST_WINDOW = 1 << 28;
const KEPT_NUMBERS = 1024;
const MAX_DIMS = 4;
const MAX_TYPE = 255;

/**
 * Reads the header of a GGUF file and checks that the file is long enough for its tensors. Every count and length
 * is held against the bytes that are left, so garbage ends at once and costs no memory. (`@huggingface/gguf` reads
 * local files too, but takes a header cut in its middle for a whole one.)
 * @throws LemError `model.corrupt`, `io.permission`, `io.failed`
 */
export async function readGguf(path: string): Promise<GgufHeader> {
  const file = await open(path).catch((error: unknown) => {
    throw fromSystemError(error, `opening ${path}`);
  });
  try {
    return await readHeader(file, path);
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle, path: string): Promise<GgufHeader> {
  const { size } = await file.stat();
  for (let window = FIRST_WINDOW; window <= LAST_WINDOW; window *= 4) {
    const bytes = Buffer.alloc(Math.min(window, size));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    try {
      return parseHeader(new ByteCursor(bytes.subarray(0, bytesRead), size, path));
    } catch (error) {
      if (!(error instanceof EndOfWindow)) throw error;
    }
  }
  throw new LemError("model.corrupt", `${path}: the GGUF header is larger than ${LAST_WINDOW} bytes`);
}

function parseHeader(cursor: ByteCursor): GgufHeader {
  if (cursor.ascii(4) !== GGUF_MAGIC) cursor.refuse("it does not start with GGUF");
  const version = cursor.u32();
  if (version !== 2 && version !== 3) cursor.refuse(`GGUF version ${version} is not 2 or 3`);
  const tensorCount = cursor.count(24);
  const valueCount = cursor.count(13);
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < valueCount; i += 1) metadata.set(cursor.text(), readValue(cursor, cursor.u32()));
  const tensors = Array.from({ length: tensorCount }, () => readTensor(cursor));
  checkLength(cursor, metadata, tensors);
  return { version, metadata, tensors };
}

const SCALARS: Readonly<Record<number, (cursor: ByteCursor) => number | boolean>> = {
  [VALUE_TYPE.u8]: (cursor) => cursor.take(1, (view, at) => view.getUint8(at)),
  [VALUE_TYPE.i8]: (cursor) => cursor.take(1, (view, at) => view.getInt8(at)),
  [VALUE_TYPE.u16]: (cursor) => cursor.take(2, (view, at) => view.getUint16(at, true)),
  [VALUE_TYPE.i16]: (cursor) => cursor.take(2, (view, at) => view.getInt16(at, true)),
  [VALUE_TYPE.u32]: (cursor) => cursor.u32(),
  [VALUE_TYPE.i32]: (cursor) => cursor.take(4, (view, at) => view.getInt32(at, true)),
  [VALUE_TYPE.f32]: (cursor) => cursor.take(4, (view, at) => view.getFloat32(at, true)),
  [VALUE_TYPE.bool]: (cursor) => cursor.take(1, (view, at) => view.getUint8(at) !== 0),
  [VALUE_TYPE.u64]: (cursor) => cursor.take(8, (view, at) => Number(view.getBigUint64(at, true))),
  [VALUE_TYPE.i64]: (cursor) => cursor.take(8, (view, at) => Number(view.getBigInt64(at, true))),
  [VALUE_TYPE.f64]: (cursor) => cursor.take(8, (view, at) => view.getFloat64(at, true)),
};

function readValue(cursor: ByteCursor, type: number): GgufValue {
  if (type === VALUE_TYPE.string) return cursor.text();
  if (type === VALUE_TYPE.array) return readArray(cursor);
  return scalarReader(cursor, type)(cursor);
}

function scalarReader(cursor: ByteCursor, type: number): (cursor: ByteCursor) => number | boolean {
  return SCALARS[type] ?? cursor.refuse(`metadata of unknown type ${type}`);
}

function readArray(cursor: ByteCursor): GgufArray {
  const type = cursor.u32();
  if (type === VALUE_TYPE.array) cursor.refuse("metadata with nested arrays");
  if (type === VALUE_TYPE.string) {
    const length = cursor.count(8);
    for (let i = 0; i < length; i += 1) cursor.skipText();
    return { length, numbers: [] };
  }
  const read = scalarReader(cursor, type);
  const length = cursor.count(1);
  const numbers: (number | boolean)[] = [];
  for (let i = 0; i < length; i += 1) {
    const value = read(cursor);
    if (i < KEPT_NUMBERS) numbers.push(value);
  }
  return { length, numbers };
}

function readTensor(cursor: ByteCursor): GgufTensor {
  const name = cursor.text();
  const dimCount = cursor.u32();
  if (dimCount > MAX_DIMS) cursor.refuse(`tensor ${name} has ${dimCount} dimensions`);
  const dims = Array.from({ length: dimCount }, () => cursor.u64());
  const type = cursor.u32();
  if (type > MAX_TYPE) cursor.refuse(`tensor ${name} is of unknown type ${type}`);
  return { name, dims, type, offset: cursor.u64() };
}

function checkLength(
  cursor: ByteCursor,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensor[],
): void {
  const stated = metadata.get("general.alignment") ?? GGUF_ALIGNMENT;
  const alignment = typeof stated === "number" && Number.isInteger(stated) && stated > 0 ? stated : GGUF_ALIGNMENT;
  const start = Math.ceil(cursor.position / alignment) * alignment;
  for (const tensor of tensors) {
    const end = start + tensor.offset + tensorBytes(tensor);
    if (end > cursor.fileSize) {
      cursor.refuse(
        `it ends at byte ${cursor.fileSize}, but tensor ${tensor.name} reaches byte ${end}: it was cut off`,
      );
    }
  }
}

/** Bytes of a tensor's data; 0 for a type newer than the table. */
function tensorBytes(tensor: GgufTensor): number {
  const values = tensor.dims.reduce((product, extent) => product * extent, 1);
  const type = TENSOR_TYPES[tensor.type];
  return type === undefined ? 0 : (values / type.block) * type.bytes;
}
