import { LemError, type JsonObject, type JsonValue } from "@lem/domain";
import { Document, parseDocument, visit, type ScalarTag } from "yaml";
import type { Expr } from "../expression.ts";
import { floatText } from "../values/float-text.ts";
import { parsePredicate } from "./parse.ts";
import { printPredicate } from "./print.ts";

/**
 * A YAML text as tagged JSON: `1` is an int of any size, `1.0`, `1e-3` and `.nan` are floats.
 * @throws LemError `config.syntax` when it is no YAML
 */
export function yamlToTagged(text: string): JsonValue {
  const document = parseDocument(text, { schema: "core", intAsBigInt: true, uniqueKeys: true, logLevel: "error" });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) throw new LemError("config.syntax", `not valid YAML: ${error.message}`, { cause: error });
  return tagNumbers(document.toJS({ maxAliasCount: 0 }));
}

function tagNumbers(value: unknown): JsonValue {
  if (typeof value === "number") return { $py: "float", value: floatText(value) };
  if (typeof value === "bigint") return taggedInt(value);
  if (Array.isArray(value)) return value.map(tagNumbers);
  if (value === null || typeof value !== "object") return value as JsonValue;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tagNumbers(inner)]));
}

const taggedInt = (value: bigint): JsonValue =>
  Number.isSafeInteger(Number(value)) ? Number(value) : { $py: "int", value: String(value) };

/** Reads a predicate from YAML. @throws LemError `config.syntax`, `config.predicate` */
export const parsePredicateYaml = (text: string): Expr => parsePredicate(yamlToTagged(text));

/** A float in YAML's spelling, which never reads back as an int. */
class YamlFloat {
  readonly text: string;

  constructor(text: string) {
    this.text = text.replace(/(?=nan|inf)/, ".");
  }
}

const FLOAT_TAG: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => value instanceof YamlFloat,
  test: /^(?!)/,
  resolve: (text) => text,
  stringify: ({ value }) => (value as YamlFloat).text,
};

/** Numbers that JSON has to tag, as YAML numbers. */
function untagNumbers(json: JsonValue): unknown {
  if (Array.isArray(json)) return json.map(untagNumbers);
  if (json === null || typeof json !== "object") return json;
  const { $py: type, value } = json as JsonObject;
  if (type === "float" && typeof value === "string") return new YamlFloat(value);
  if (type === "int" && typeof value === "string") return BigInt(value);
  return Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, untagNumbers(inner)]));
}

const LINE_WIDTH = 110;

/** A predicate as YAML, short parts on one line; `parsePredicateYaml` reads the same expression back. */
export const printPredicateYaml = (expr: Expr): string => printTaggedYaml(printPredicate(expr));

/** Tagged JSON as YAML, short parts on one line; `yamlToTagged` reads the same JSON back. */
export function printTaggedYaml(json: JsonValue): string {
  const document = new Document(untagNumbers(json), {
    schema: "core",
    customTags: (tags) => [FLOAT_TAG, ...tags],
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Collection: (_, node) => void (node.flow = JSON.stringify(node, tellBig).length < LINE_WIDTH - 40),
  });
  return document.toString({ lineWidth: LINE_WIDTH, flowCollectionPadding: false });
}

const tellBig = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
