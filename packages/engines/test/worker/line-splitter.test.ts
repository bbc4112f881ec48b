import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter } from "../../src/worker/line-splitter.ts";

const fails = (splitter: LineSplitter, ...chunks: Buffer[]): string | undefined => {
  try {
    for (const chunk of chunks) Array.from(splitter.push(chunk));
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("LineSplitter", () => {
  test("gives the same lines however the bytes are cut", () => {
    const message = fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }));
    const property = fc.property(fc.array(message), fc.array(fc.nat({ max: 40 })), (messages, sizes) => {
      const lines = messages.map((m) => JSON.stringify(m));
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const splitter = new LineSplitter();
      const seen: string[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        seen.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(seen).toEqual(lines);
      expect(splitter.held).toBe(0);
    });
    fc.assert(property, { seed: 7, numRuns: 200 });
  });

  test("holds an unfinished line back", () => {
    const splitter = new LineSplitter();
    expect([...splitter.push(Buffer.from('{"a":1}\n{"b"'))]).toEqual(['{"a":1}']);
    expect(splitter.held).toBe(4);
    expect([...splitter.push(Buffer.from(":2}\n"))]).toEqual(['{"b":2}']);
  });

  test("refuses a line at the limit plus one byte, before it ends", () => {
    expect(fails(new LineSplitter(10), Buffer.from("{23456789}\n"))).toBeUndefined();
    expect(fails(new LineSplitter(10), Buffer.from("{2345"), Buffer.from("67890}"))).toBe("worker.protocol");
  });

  test("refuses what cannot become an object at its first byte", () => {
    expect(fails(new LineSplitter(), Buffer.from("L"))).toBe("worker.protocol");
    expect(fails(new LineSplitter(), Buffer.from("\n"))).toBe("worker.protocol");
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(fails(new LineSplitter(), Buffer.from([0x7b, 0xff, 0x0a]))).toBe("worker.protocol");
  });

  test("shows the beginning of garbage", () => {
    expect(() => [...new LineSplitter().push(Buffer.from("Loading weights\n"))]).toThrow(/Loading weights/);
  });
});
