import { open } from "node:fs/promises";

/** A float32 tensor to write; its data comes in chunks. */
export interface SafeTensor {
  readonly name: string;
  /** Extents, slowest first. */
  readonly shape: readonly number[];
  readonly data: () => Iterable<Uint8Array>;
}

/** Writes a safetensors file of float32 tensors. @throws the file system's own errors */
export async function writeSafetensors(path: string, tensors: readonly SafeTensor[]): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(headerBytes(tensors));
    for (const tensor of tensors) for (const chunk of tensor.data()) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

/** The format's header: its length as 64 bits, then JSON, padded with spaces to 8 bytes. */
function headerBytes(tensors: readonly SafeTensor[]): Buffer {
  let offset = 0;
  const entries = tensors.map(({ name, shape }) => {
    const begin = offset;
    offset += shape.reduce((product, extent) => product * extent, 4);
    return [name, { dtype: "F32", shape, data_offsets: [begin, offset] }] as const;
  });
  const json = JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) });
  const padded = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded]);
}
