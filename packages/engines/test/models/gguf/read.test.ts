import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isLemError } from "@lem/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGguf } from "../../../src/models/gguf/read.ts";
import { writeGguf, type TensorSource, type TypedValue } from "../../../src/models/gguf/write.ts";
import { hasCode, temporaryFolder } from "../workplace.ts";

const METADATA = new Map<string, TypedValue>([
  ["general.architecture", { type: "string", value: "llama" }],
  ["llama.block_count", { type: "u32", value: 3 }],
  ["llama.rope.freq_base", { type: "f32", value: 0.5 }],
  ["tokenizer.ggml.add_bos_token", { type: "bool", value: true }],
  ["tokenizer.ggml.tokens", { type: "strings", value: ["a", "bb", ""] }],
  ["tokenizer.ggml.token_type", { type: "i32s", value: [1, -2, 3] }],
]);
const TENSORS: TensorSource[] = [
  { name: "token_embd.weight", dims: [5, 3], type: 0, data: () => [new Uint8Array(60)] },
  { name: "output_norm.weight", dims: [5], type: 1, data: () => [new Uint8Array(10)] },
];

async function smallFile(): Promise<string> {
  const path = join(await temporaryFolder(), "small.gguf");
  await writeGguf(path, METADATA, TENSORS);
  return path;
}

describe("readGguf", () => {
  test("reads back what was written", async () => {
    const header = await readGguf(await smallFile());
    expect(header.version).toBe(3);
    expect(Object.fromEntries(header.metadata)).toEqual({
      "general.architecture": "llama",
      "llama.block_count": 3,
      "llama.rope.freq_base": 0.5,
      "tokenizer.ggml.add_bos_token": true,
      "tokenizer.ggml.tokens": { length: 3, numbers: [] },
      "tokenizer.ggml.token_type": { length: 3, numbers: [1, -2, 3] },
    });
    expect(header.tensors).toEqual([
      { name: "token_embd.weight", dims: [5, 3], type: 0, offset: 0 },
      { name: "output_norm.weight", dims: [5], type: 1, offset: 64 },
    ]);
  });

  test("a file cut anywhere is model.corrupt", async () => {
    const path = await smallFile();
    const { length } = await readFile(path);
    for (let size = length - 1; size >= 0; size -= 7) {
      await truncate(path, size);
      await expect(readGguf(path)).rejects.toSatisfy(hasCode("model.corrupt"));
    }
  });

  test.each([
    ["another magic", (bytes: Buffer) => bytes.write("GGML", 0, "latin1")],
    ["an unknown version", (bytes: Buffer) => bytes.writeUInt32LE(9, 4)],
    ["a huge number of tensors", (bytes: Buffer) => bytes.writeBigUInt64LE(1n << 40n, 8)],
    ["a huge number of values", (bytes: Buffer) => bytes.writeBigUInt64LE((1n << 63n) + 1n, 16)],
    ["a huge key", (bytes: Buffer) => bytes.writeBigUInt64LE(1n << 33n, 24)],
    ["an unknown value type", (bytes: Buffer) => bytes.writeUInt32LE(77, 24 + 8 + "general.architecture".length)],
  ])("%s is model.corrupt", async (_, damage) => {
    const path = await smallFile();
    const bytes = await readFile(path);
    damage(bytes);
    await writeFile(path, bytes);
    await expect(readGguf(path)).rejects.toSatisfy(hasCode("model.corrupt"));
  });

  test("no garbage crashes it or is taken for a missing file", async () => {
    const path = await smallFile();
    const sound = await readFile(path);
    const damaged = fc.array(fc.record({ at: fc.nat(sound.length - 1), byte: fc.nat(255) }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(damaged, async (changes) => {
        const bytes = Buffer.from(sound);
        for (const { at, byte } of changes) bytes[at] = byte;
        await writeFile(path, bytes);
        const outcome: unknown = await readGguf(path).catch((error: unknown) => error);
        expect(outcome instanceof Error && !isLemError(outcome, "model.corrupt")).toBe(false);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("a file that is not there is io.failed", async () => {
    await expect(readGguf("/nowhere/x.gguf")).rejects.toSatisfy(hasCode("io.failed"));
  });
});
