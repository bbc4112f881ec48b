import { describe, expect, it } from "vitest";
import { nestedFields } from "../../src/lift/nested-fields.ts";
import type { CoreShape, DescribeAnswer } from "../../src/probe/description.ts";

const nested = (name: string): CoreShape => ({ type: "nested", class: `p.m.${name}`, mro: [], error: "model_type" });
const union = (...of: readonly CoreShape[]): CoreShape => ({ type: "union", of });
const entries = new Map([
  ["p.m.A", "p.A"],
  ["p.m.B", "p.public.B"],
]);

function fieldsOf(shapes: Readonly<Record<string, CoreShape>>): object {
  const fields = Object.entries(shapes).map(([name, schema]) => {
    return { name, alias: name === "named" ? "other" : null, plainAlias: true, init: true, schema };
  });
  const core = { extra: "forbid", strict: false, postInit: false, around: [], inside: [], fields };
  return nestedFields({ kind: "described", core } as unknown as DescribeAnswer, entries);
}

describe("fields that take a dict of another entry's keywords", () => {
  it("are models, also where nothing or plain values may stand, under the keyword that is given", () => {
    const after: CoreShape = { type: "function-after", module: null, qualname: "f", of: nested("B") };
    const found = fieldsOf({
      plain: nested("A"),
      maybe: { type: "nullable", of: nested("A") },
      either: { type: "nullable", of: union(nested("A"), nested("B"), { type: "str" }) },
      checked: after,
      named: nested("B"),
    });
    expect(found).toEqual({
      plain: ["p.A"],
      maybe: ["p.A"],
      either: ["p.A", "p.public.B"],
      checked: ["p.public.B"],
      other: ["p.public.B"],
    });
  });

  it("are none that take other dicts, or models that are no entries", () => {
    const before: CoreShape = { type: "function-before", module: null, qualname: "f", of: nested("A") };
    expect(
      fieldsOf({
        table: union(nested("A"), { type: "dict" }),
        anything: union(nested("A"), { type: "any" }),
        unheard: nested("C"),
        either: union(nested("A"), nested("C")),
        rewritten: before,
        listed: { type: "list", items: nested("A") },
        number: { type: "int" },
      }),
    ).toEqual({});
  });
});
