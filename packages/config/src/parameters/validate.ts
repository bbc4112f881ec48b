import type { JsonObject } from "@lem/domain";
import type { Ajv2020 as Ajv, ValidateFunction } from "ajv/dist/2020.js";
import type { Finding } from "../problem.ts";
import { isWholeFloat, nodeAt, toJson, type MapNode, type Path } from "../yaml/located.ts";
import { parameterFindings, pointerPath } from "./findings.ts";
import { markIntegers, WRITTEN_INTEGER } from "./integers.ts";

/** One native section with its schema. */
export interface SectionToCheck {
  /** The section's path from the root of the file. */
  readonly path: Path;
  readonly section: MapNode;
  readonly schema: JsonObject;
}

const compiled = new WeakMap<JsonObject, ValidateFunction>();
let ajv: Ajv | undefined;

/** Checks a native section against the engine's parameter schema. A schema that does not say so admits no other keys. */
export async function checkSection({ path, section, schema }: SectionToCheck): Promise<readonly Finding[]> {
  const validate = compiled.get(schema) ?? (await compile(schema));
  if (validate.call(section, toJson(section)) === true) return [];
  return parameterFindings(validate.errors ?? [], section).map((finding) => ({
    ...finding,
    path: [...path, ...finding.path],
  }));
}

async function compile(schema: JsonObject): Promise<ValidateFunction> {
  ajv ??= await createValidator();
  const open = "additionalProperties" in schema || "unevaluatedProperties" in schema;
  const validate = ajv.compile(markIntegers(open ? schema : { ...schema, additionalProperties: false }) as JsonObject);
  compiled.set(schema, validate);
  return validate;
}

/** The validator is loaded when the first section is checked: many configurations have none. */
async function createValidator(): Promise<Ajv> {
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const validator = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    passContext: true,
    logger: false,
    addUsedSchema: false,
  });
  validator.addKeyword({
    keyword: WRITTEN_INTEGER,
    errors: false,
    compile: () =>
      function isWrittenInteger(this: MapNode, _data: unknown, context?: { readonly instancePath: string }): boolean {
        return !isWholeFloat(nodeAt(this, pointerPath(context?.instancePath ?? "")));
      },
  });
  return validator;
}
