import { sha256 } from "@lem/domain";
import { describe, expect, it } from "vitest";
import type { EntryDescription } from "../../src/probe/description.ts";
import { classSchemaOf } from "../../src/schema/class-schema.ts";
import { hasPython, openToy } from "../probe/toy.ts";

const described = (more: Partial<EntryDescription>): EntryDescription => ({
  kind: "described",
  entry: "toy.C",
  family: "class",
  class: "toy.C",
  mro: ["toy.C", "object"],
  place: null,
  parameters: [],
  unknownKeys: "reject",
  attributes: null,
  documented: {},
  core: null,
  ...more,
});

describe("the schema of a class", () => {
  it("holds every public parameter with type, bounds and default", () => {
    const { parameters } = classSchemaOf(
      described({
        parameters: [
          {
            name: "ratio",
            required: false,
            default: { $py: "float", value: "1.0" },
            shape: { type: "constrained", of: { type: "float" }, gt: 0, le: { $py: "float", value: "1.0" } },
          },
          { name: "must", required: true, shape: { type: "literal", values: ["a", 2] } },
          { name: "maybe", required: false, default: null, shape: { type: "int" } },
          { name: "_hidden", required: false, default: null, shape: { type: "int" } },
        ],
      }),
    );
    expect(parameters).toEqual({
      maybe: { schema: { type: ["integer", "null"] }, default: null },
      must: { schema: { enum: ["a", 2] }, required: true },
      ratio: {
        schema: { type: "number", exclusiveMinimum: 0, maximum: 1 },
        default: { $py: "float", value: "1.0" },
      },
    });
  });

  it("takes the attributes of a constructor that only has **, with their documented types", () => {
    const { parameters } = classSchemaOf(
      described({
        unknownKeys: "accept",
        attributes: { top: null, size: 3 },
        documented: { top: "`int` or `str`, *optional*" },
        descriptions: { size: "ab" },
      }),
    );
    expect(parameters).toEqual({
      size: { schema: { type: "integer" }, default: 3, description_sha256: "ab" },
      top: { schema: { type: ["integer", "null", "string"] }, default: null },
    });
  });

  it("keeps of an object only its class, which hangs on no machine", () => {
    const object = { $py: "object", value: { class: "toy.Inner", mro: ["toy.Inner"], attributes: { port: 4711 } } };
    const shape = { type: "class", class: "toy.Inner", mro: ["toy.Inner"] } as const;
    const { parameters } = classSchemaOf(
      described({ parameters: [{ name: "inner", required: false, default: object, shape }] }),
    );
    expect(parameters["inner"]?.schema).toEqual({ class: "toy.Inner" });
    expect(JSON.stringify(parameters)).not.toContain("4711");
  });

  it.skipIf(!hasPython)("hashes what is written of a parameter, wherever it stands [needs python3]", async () => {
    const probe = await openToy();
    const [answer] = await probe.describe(["toy.documented.Gathered"]);
    if (answer?.kind !== "described") throw new Error("not described");
    expect(answer.descriptions).toEqual({
      helped: sha256("helps"),
      limit: sha256("How much of it."),
      loose: sha256("a text of the doc string, over two lines"),
      own: sha256("Below it."),
    });
    expect(Object.keys(classSchemaOf(answer).parameters)).toEqual(["helped", "limit", "loose", "own", "silent"]);
  });
});
