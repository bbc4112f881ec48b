import type { JsonValue } from "@lem/domain";
import type { ErrorObject } from "ajv";
import type { Finding } from "../problem.ts";
import { missingKey, notAllowed, outOfRange, unknownKey, valueWord, wrongType } from "../wording.ts";
import { nodeAt, type MapNode, type Path } from "../yaml/located.ts";
import { WRITTEN_INTEGER } from "./integers.ts";
import { KNOWN_KEYS } from "./relevant.ts";

/** The path that a JSON pointer names. */
export const pointerPath = (pointer: string): Path =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** Translates the validator's errors, paths counting from the section; alternatives of one value become one finding. */
export function parameterFindings(errors: readonly ErrorObject[], section: MapNode): readonly Finding[] {
  const unions = errors.filter(isUnion);
  const outermost = unions.filter((union, at) => !unions.some((other, index) => isInside(union, other, index > at)));
  const alone = errors.filter((error) => !isUnion(error) && !outermost.some((union) => covers(union, error)));
  const findings = [
    ...alone.flatMap((error) => findingOf(error, section)),
    ...outermost.flatMap((union) => unionFindings(union, errors, section)),
  ];
  return findings.length > 0 ? uniqueByPath(findings) : errors.slice(0, 1).map((error) => refused(error, section));
}

const refused = (error: ErrorObject, section: MapNode): Finding => {
  const path = pointerPath(error.instancePath);
  const message = `${valueWord(nodeAt(section, path))} ${error.message ?? "is refused"}`;
  return { code: "config.out-of-range", path, at: "value", message };
};

/** True when a union was tried as part of another; where each might be part of the other, the outer one is reported later. */
const isInside = (union: ErrorObject, other: ErrorObject, later: boolean): boolean =>
  covers(other, union) && (later || !covers(union, other));

const isUnion = (error: ErrorObject): boolean => error.keyword === "anyOf" || error.keyword === "oneOf";

/** True when an error was met while a union's branches were tried. */
function covers(union: ErrorObject, error: ErrorObject): boolean {
  if (union === error || !`${error.instancePath}/`.startsWith(`${union.instancePath}/`)) return false;
  return (
    error.instancePath !== union.instancePath ||
    error.schemaPath.startsWith(union.schemaPath) ||
    /^#\/(?:\$defs|definitions)\//.test(error.schemaPath)
  );
}

const isTypeError = (error: ErrorObject): boolean => error.keyword === "type" || error.keyword === WRITTEN_INTEGER;

/** Where the keyword of an error stands: errors of one branch share it. */
const branchOf = (error: ErrorObject): string => error.schemaPath.slice(0, error.schemaPath.lastIndexOf("/"));

/** Of alternatives the branch whose type fits tells what is wrong; where none fits, all their types are named. */
function unionFindings(union: ErrorObject, errors: readonly ErrorObject[], section: MapNode): readonly Finding[] {
  const tried = errors.filter((error) => !isUnion(error) && covers(union, error));
  const here = tried.filter((error) => error.instancePath === union.instancePath);
  const refusedByType = new Set(here.filter(isTypeError).map(branchOf));
  const deeper = tried.filter((error) => error.instancePath !== union.instancePath);
  const fitting = here.filter((error) => !isTypeError(error) && !refusedByType.has(branchOf(error)));
  if (fitting.length > 0) return combineLists(fitting, section);
  if (deeper.length > 0) return deeper.flatMap((error) => findingOf(error, section));
  const path = pointerPath(union.instancePath);
  return [wrongType(path, here.flatMap(expectedTypes), nodeAt(section, path))];
}

/** Several closed lists for one value are one list. */
function combineLists(errors: readonly ErrorObject[], section: MapNode): readonly Finding[] {
  const lists = errors.filter((error) => error.keyword === "enum" || error.keyword === "const");
  if (lists.length < errors.length || lists.length === 0)
    return errors.filter((error) => !lists.includes(error)).flatMap((error) => findingOf(error, section));
  const path = pointerPath(lists[0]?.instancePath ?? "");
  return [notAllowed(path, lists.flatMap(allowedValues), nodeAt(section, path))];
}

function allowedValues(error: ErrorObject): readonly JsonValue[] {
  return error.keyword === "enum"
    ? (error.params["allowedValues"] as JsonValue[])
    : [error.params["allowedValue"] as JsonValue];
}

function expectedTypes(error: ErrorObject): readonly string[] {
  if (error.keyword === WRITTEN_INTEGER) return ["integer"];
  return error.keyword === "type" ? [error.params["type"] as string | string[]].flat() : [];
}

const BOUNDS: Readonly<Record<string, (limit: unknown) => string>> = {
  minimum: (limit) => `at least ${String(limit)}`,
  maximum: (limit) => `at most ${String(limit)}`,
  exclusiveMinimum: (limit) => `more than ${String(limit)}`,
  exclusiveMaximum: (limit) => `less than ${String(limit)}`,
  minLength: (limit) => `at least ${String(limit)} characters long`,
  maxLength: (limit) => `at most ${String(limit)} characters long`,
  minItems: (limit) => `at least ${String(limit)} items long`,
  maxItems: (limit) => `at most ${String(limit)} items long`,
};

function findingOf(error: ErrorObject, section: MapNode): readonly Finding[] {
  const path = pointerPath(error.instancePath);
  const node = nodeAt(section, path);
  const bound = BOUNDS[error.keyword];
  if (bound !== undefined) return [outOfRange(path, bound(error.params["limit"]), node)];
  switch (error.keyword) {
    case "additionalProperties":
      return [unknownKey([...path, String(error.params["additionalProperty"])], knownKeys(error))];
    case "unevaluatedProperties":
      return [unknownKey([...path, String(error.params["unevaluatedProperty"])], knownKeys(error))];
    case "type":
    case WRITTEN_INTEGER:
      return [wrongType(path, expectedTypes(error), node)];
    case "enum":
    case "const":
      return [notAllowed(path, allowedValues(error), node)];
    case "required":
      return [missingKey([...path, String(error.params["missingProperty"])])];
    case "if":
      return [];
    default:
      return [refused(error, section)];
  }
}

/** The keys that would be known where an unknown one stands. */
const knownKeys = ({ parentSchema = {} }: ErrorObject): readonly string[] =>
  (parentSchema[KNOWN_KEYS] as string[] | undefined) ?? Object.keys((parentSchema["properties"] ?? {}) as object);

function uniqueByPath(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map(findings.toReversed().map((finding) => [finding.path.join("\u0000"), finding]));
  return findings.filter((finding) => first.get(finding.path.join("\u0000")) === finding);
}
