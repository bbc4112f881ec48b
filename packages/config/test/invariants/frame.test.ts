import { describe, expect, it } from "vitest";
import { decodeValue, evaluate, parsePredicate, type PyValue } from "../../src/invariants/index.ts";

const values = (fields: object): Map<string, PyValue> =>
  new Map(Object.entries(fields).map(([name, value]) => [name, decodeValue(value)]));

const result = (predicate: unknown, declared: object, defaults: object = {}): string =>
  evaluate(parsePredicate(predicate), { declared: values(declared), defaults: values(defaults) }).result;

describe("presence", () => {
  it("keeps unset, None and the default apart", () => {
    const states: readonly object[] = [{}, { n: null }, { n: 4 }, { n: 5 }];
    const table = states.map((declared) => [
      result({ isSet: "n" }, declared, { n: 4 }),
      result({ notNone: { f: "n" } }, declared, { n: 4 }),
      result({ isDefault: "n" }, declared, { n: 4 }),
    ]);
    expect(table).toEqual([
      ["false", "true", "true"],
      ["true", "false", "false"],
      ["true", "true", "true"],
      ["true", "true", "false"],
    ]);
  });

  it("does not know a field that is neither declared nor has a default, but knows that it is not set", () => {
    expect(result({ eq: [{ f: "n" }, 1] }, {})).toBe("unknown");
    expect(result({ isSet: "n" }, {})).toBe("false");
    expect(result({ isDefault: "n" }, { n: 1 })).toBe("unknown");
  });

  it("a declared None hides the default", () => {
    expect(result({ is: [{ f: "n" }, null] }, { n: null }, { n: 4 })).toBe("true");
  });
});

describe("nested fields", () => {
  it("are found under their path, in a dict, and in the defaults", () => {
    const predicate = { eq: [{ f: "spec.method" }, "eagle"] };
    expect(result(predicate, { "spec.method": "eagle" })).toBe("true");
    expect(result(predicate, { spec: { method: "eagle" } })).toBe("true");
    expect(result(predicate, { spec: {} }, { "spec.method": "eagle" })).toBe("true");
  });

  it("raise below None", () => {
    expect(result({ eq: [{ f: "spec.method" }, "eagle"] }, { spec: null })).toBe("raises");
    expect(result({ all: [{ notNone: { f: "spec" } }, { eq: [{ f: "spec.method" }, "eagle"] }] }, { spec: null })).toBe(
      "false",
    );
  });
});
