import { expect, it } from "vitest";
import { markIntegers, WRITTEN_INTEGER } from "../../src/parameters/integers.ts";

it("integers are marked wherever a schema may stand", () => {
  expect(
    markIntegers({
      type: "object",
      properties: { a: { type: "integer" }, type: { type: ["integer", "null"] } },
      items: { anyOf: [{ type: "integer" }] },
    }),
  ).toEqual({
    type: "object",
    properties: {
      a: { type: "integer", [WRITTEN_INTEGER]: true },
      type: { type: ["integer", "null"], [WRITTEN_INTEGER]: true },
    },
    items: { anyOf: [{ type: "integer", [WRITTEN_INTEGER]: true }] },
  });
});

it("numbers, values and examples stay as they are", () => {
  const schema = {
    type: ["integer", "number"],
    default: { type: "integer" },
    enum: [{ type: "integer" }],
    const: { properties: { a: { type: "integer" } } },
  };
  expect(markIntegers(schema)).toEqual(schema);
  expect(markIntegers(true)).toBe(true);
});
