import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../src/runners/redactor.ts";

const SECRETS = ["hf_abcdef", "hf_abcdefgh", "ähnlich", "a.c", "$x[y]\\-"];

function filtered(bytes: Buffer, sizes: readonly number[]): Buffer {
  const stream = new Redactor(SECRETS).stream();
  const out: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    out.push(stream.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat([...out, stream.end()]);
}

describe("Redactor", () => {
  test("replaces every secret, the longest first", () => {
    expect(new Redactor(SECRETS).text("a hf_abcdefgh b hf_abcdef")).toBe("a [redacted] b [redacted]");
  });

  test("takes a secret literally", () => {
    expect(new Redactor(SECRETS).text("abc a.c $x[y]\\- x")).toBe("abc [redacted] [redacted] x");
  });

  test("ignores empty secrets", () => {
    expect(new Redactor([""]).text("plain")).toBe("plain");
  });

  test("reaches strings in values", () => {
    const value = { a: ["x hf_abcdef"], n: 1, none: null, hf_abcdef: true };
    const redacted = { a: ["x [redacted]"], n: 1, none: null, "[redacted]": true };
    expect(new Redactor(SECRETS).value(value)).toEqual(redacted);
  });

  test("finds secrets in a stream however it is cut", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "hf_abcdef ",
        "hf_abcdefgh",
        "hf_abcdefg",
        "ähnlich",
        "hf_",
        "hf_abcde",
        "a.c",
        "abc",
        "$x[y]\\-",
        "\n",
      ),
      fc.string(),
    );
    const property = fc.property(fc.array(piece), fc.array(fc.nat({ max: 12 })), (pieces, sizes) => {
      const text = filtered(Buffer.from(pieces.join("|")), sizes).toString("utf8");
      for (const secret of SECRETS) expect(text).not.toContain(secret);
      expect(text).toBe(new Redactor(SECRETS).text(pieces.join("|")));
    });
    fc.assert(property, { seed: 7, numRuns: 300 });
  });

  test("holds nothing back that cannot become a secret", () => {
    const stream = new Redactor(SECRETS).stream();
    expect(stream.push(Buffer.from("the end hf")).toString()).toBe("the end ");
    expect(stream.push(Buffer.from("x")).toString()).toBe("hfx");
  });

  test("keeps bytes that are not UTF-8", () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    expect(filtered(bytes, [1])).toEqual(bytes);
  });
});
