import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@lem/domain";
import { expect, it } from "vitest";
import { DeclarationFile } from "../../src/llama-cpp/declarations.ts";
import { propertiesOf, schemaOf } from "../../src/llama-cpp/type-schema.ts";
import { temporaryFolder } from "../fixtures/open-fake.ts";

const OTHER = `export declare enum Kind { F32 = 0, F16 = 1 }
export type Id = number & { __id: never };
export declare class Machine { run(): void; }`;

function schemas(source: string): Record<string, JsonObject | undefined> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "other.d.ts"), OTHER);
  writeFileSync(join(folder, "main.d.ts"), `import { Kind, Id as Token, Machine } from "./other.js";\n${source}`);
  const file = DeclarationFile.open(join(folder, "main.d.ts"));
  const names = [...source.matchAll(/export type (\w+)/g)].map(([, name = ""]) => name);
  return Object.fromEntries(
    names.map((name) => {
      const declared = file.find(name);
      const type = declared?.node.type === "TSTypeAliasDeclaration" ? declared.node.typeAnnotation : undefined;
      return [name, type && schemaOf(type, file)];
    }),
  );
}

it("turns type expressions into what YAML can say of them", () => {
  expect(
    schemas(`
export type Literals = "auto" | 1 | false;
export type Mixed = "auto" | number | { min?: number; };
export type Callable = number | ((size: number) => number);
export type Ids = readonly Token[] | (() => Token[]);
export type Names = "own" | keyof typeof Kind | Kind;
export type Table = Record<string, boolean>;
export type Maybe = string | null | undefined;
export type Nested = { inner: { value: Array<Token>; }; };`),
  ).toEqual({
    Literals: { enum: ["auto", 1, false] },
    Mixed: {
      anyOf: [
        { enum: ["auto"] },
        { type: "number" },
        { type: "object", properties: { min: { type: "number" } }, additionalProperties: false },
      ],
    },
    Callable: { type: "number" },
    Ids: { type: "array", items: { type: "number" } },
    Names: { enum: ["own", "F32", "F16", 0, 1] },
    Table: { type: "object", additionalProperties: { type: "boolean" } },
    Maybe: { anyOf: [{ type: "string" }, { type: "null" }] },
    Nested: {
      type: "object",
      properties: {
        inner: {
          type: "object",
          properties: { value: { type: "array", items: { type: "number" } } },
          required: ["value"],
          additionalProperties: false,
        },
      },
      required: ["inner"],
      additionalProperties: false,
    },
  });
});

it("leaves out what only a program can give, and objects that cannot do without it", () => {
  const { Function, Class, Signal, Options, Needs } = schemas(`
export type Function = (a: number) => void;
export type Class = Machine;
export type Signal = AbortSignal;
export type Options = { a?: number; done?(): void; machine?: Machine; };
export type Needs = { a?: number; machine: Machine; };`);
  expect([Function, Class, Signal, Needs]).toEqual([undefined, undefined, undefined, undefined]);
  expect(Object.keys(Options?.["properties"] ?? {})).toEqual(["a"]);
});

it("takes a default only where the comment states it without a condition", () => {
  const folder = temporaryFolder();
  const comments = [
    "Defaults to `1.1`.",
    'Defaults to `"auto"` (inherited from above).',
    "Defaults to `512` or less.",
    "Defaults to `F16`.",
    "",
  ];
  const properties = comments.map((comment, i) => `/** Text.\n * ${comment}\n */\n p${i}?: number;`).join("\n");
  writeFileSync(join(folder, "main.d.ts"), `export type Options = {\n${properties}\n};`);
  const file = DeclarationFile.open(join(folder, "main.d.ts"));
  const node = file.find("Options")?.node;
  const type = node?.type === "TSTypeAliasDeclaration" ? node.typeAnnotation : undefined;
  if (type?.type !== "TSTypeLiteral") throw new Error("no type literal");
  expect(propertiesOf(type, file).map(({ stated }) => stated)).toEqual([1.1, "auto", undefined, undefined, undefined]);
});
