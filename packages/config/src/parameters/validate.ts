import { LemError, type JsonObject } from "@lem/domain";
import type { Ajv2020 as Ajv, ValidateFunction } from "ajv/dist/2020.js";
import type { Finding } from "../problem.ts";
import { isWholeFloat, nodeAt, toJson, type MapNode, type Path } from "../yaml/located.ts";
import { parameterFindings, pointerPath } from "./findings.ts";
import { markIntegers, WRITTEN_INTEGER } from "./integers.ts";
import { isPlainlyValid } from "./plainly-valid.ts";
import { relevantSchema } from "./relevant.ts";

/** One native section with its schema. */
export interface SectionToCheck {
  /** The section's path from the root of the file. */
  readonly path: Path;
  readonly section: MapNode;
  readonly schema: JsonObject;
}

/** Compiled validators by the text of their schema. */
const compiled = new Map<string, ValidateFunction>();
let ajv: Promise<Ajv> | undefined;

/** Checks a native section against the engine's parameter schema. A schema that does not say so admits no other keys. @throws LemError `config.corpus-missing` */
export async function checkSection(section: SectionToCheck): Promise<readonly Finding[]> {
  if (isPlainlyValid(section.schema, section.section)) return [];
  return findingsOf(section, await validator());
}

/** {@link checkSection} for callers that check very many: the validator is loaded once, before the first. */
export async function sectionCheck(): Promise<(section: SectionToCheck) => readonly Finding[]> {
  const loaded = await validator();
  return (section) => (isPlainlyValid(section.schema, section.section) ? [] : findingsOf(section, loaded));
}

function findingsOf({ path, section, schema }: SectionToCheck, loaded: Ajv): readonly Finding[] {
  const value = toJson(section);
  const open = "additionalProperties" in schema || "unevaluatedProperties" in schema;
  const relevant = relevantSchema(open ? schema : { ...schema, additionalProperties: false }, value);
  const validate = validatorFor(markIntegers(relevant) as JsonObject, loaded);
  if (validate.call(section, value) === true) return [];
  return parameterFindings(validate.errors ?? [], section).map((finding) => ({
    ...finding,
    path: [...path, ...finding.path],
  }));
}

function validatorFor(schema: JsonObject, loaded: Ajv): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const validate = compile(loaded, schema);
  compiled.set(text, validate);
  return validate;
}

function compile(validator: Ajv, schema: JsonObject): ValidateFunction {
  try {
    return validator.compile(schema);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new LemError("config.corpus-missing", `a parameter schema cannot be used: ${said}`, { cause });
  }
}

function validator(): Promise<Ajv> {
  ajv ??= createValidator();
  return ajv;
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
    meta: false,
    validateSchema: false,
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
