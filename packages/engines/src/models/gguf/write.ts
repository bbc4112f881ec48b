import { open, type FileHandle } from "node:fs/promises";
import { GGUF_ALIGNMENT, GGUF_MAGIC, GGUF_VERSION, VALUE_TYPE } from "./format.ts";

/** A metadata value with the type it is written in. */
export type TypedValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "u32" | "f32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "i32s"; readonly value: readonly number[] };

/** A tensor to write; its data comes in chunks and is never held as a whole. */
export interface TensorSource {
  readonly name: string;
  /** Extents, fastest first. */
  readonly dims: readonly number[];
  /** 0: float32, 1: float16. */
  readonly type: 0 | 1;
  readonly data: () => Iterable<Uint8Array>;
}

/** Writes a GGUF file of version 3. @throws the file system's own errors */
export async function writeGguf(
  path: string,
  metadata: ReadonlyMap<string, TypedValue>,
  tensors: readonly TensorSource[],
): Promise<void> {
  const file = await open(path, "w");
  try {
    let position = await write(file, headerBytes(metadata, tensors));
    for (const tensor of tensors) {
      position += await write(file, padding(position));
      for (const chunk of tensor.data()) position += await write(file, chunk);
    }
  } finally {
    await file.close();
  }
}

async function write(file: FileHandle, bytes: Uint8Array): Promise<number> {
  await file.writeFile(bytes);
  return bytes.byteLength;
}

const padding = (position: number): Uint8Array => new Uint8Array(-position & (GGUF_ALIGNMENT - 1));

function headerBytes(metadata: ReadonlyMap<string, TypedValue>, tensors: readonly TensorSource[]): Buffer {
  const parts = [Buffer.from(GGUF_MAGIC, "latin1"), u32(GGUF_VERSION), u64(tensors.length), u64(metadata.size)];
  for (const [key, value] of metadata) parts.push(text(key), ...valueBytes(value));
  let offset = 0;
  for (const { name, dims, type } of tensors) {
    parts.push(text(name), u32(dims.length), ...dims.map(u64), u32(type), u64(offset));
    const size = dims.reduce((product, extent) => product * extent, type === 0 ? 4 : 2);
    offset += Math.ceil(size / GGUF_ALIGNMENT) * GGUF_ALIGNMENT;
  }
  return Buffer.concat(parts);
}

function valueBytes(typed: TypedValue): Buffer[] {
  switch (typed.type) {
    case "string":
      return [u32(VALUE_TYPE.string), text(typed.value)];
    case "u32":
      return [u32(VALUE_TYPE.u32), u32(typed.value)];
    case "f32":
      return [u32(VALUE_TYPE.f32), fixed(4, (bytes) => bytes.writeFloatLE(typed.value))];
    case "bool":
      return [u32(VALUE_TYPE.bool), Buffer.from([typed.value ? 1 : 0])];
    case "strings":
      return [u32(VALUE_TYPE.array), u32(VALUE_TYPE.string), u64(typed.value.length), ...typed.value.map(text)];
    case "i32s":
      return [u32(VALUE_TYPE.array), u32(VALUE_TYPE.i32), u64(typed.value.length), ...typed.value.map(i32)];
  }
}

function fixed(length: number, fill: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(length);
  fill(bytes);
  return bytes;
}

const u32 = (value: number): Buffer => fixed(4, (bytes) => bytes.writeUInt32LE(value));
const i32 = (value: number): Buffer => fixed(4, (bytes) => bytes.writeInt32LE(value));
const u64 = (value: number): Buffer => fixed(8, (bytes) => bytes.writeBigUInt64LE(BigInt(value)));
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
