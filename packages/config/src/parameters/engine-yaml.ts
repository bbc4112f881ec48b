import type { JsonValue } from "@lem/domain";
import { yamlText } from "./default-text.ts";
import type { Parameter } from "./parameter.ts";

/** How much of an engine's sections is written. */
export interface EngineYamlOptions {
  /** Every parameter; otherwise those that the engine's rules speak of. */
  readonly all: boolean;
}

/**
 * The native sections of an engine as lines of YAML below its name: a comment a parameter with its default, type,
 * bounds and the number of rules that read it. Without the `#` a line sets the parameter.
 */
export function engineYamlLines(
  sections: readonly string[],
  parameters: readonly Parameter[],
  { all }: EngineYamlOptions,
): readonly string[] {
  return sections.flatMap((section) => {
    const offered = parameters.filter((each) => each.section === section && each.left_out === undefined);
    const told = all ? offered : ofInterest(offered);
    const rest = offered.length - told.length;
    const more = rest === 0 ? [] : [`    # and ${rest} others: lem config init --all, or lem engines params`];
    const lines = told.map((each) => [`    # ${each.name}: ${valueOf(each)}`, remarkOf(each)] as const);
    const width = Math.min(Math.max(0, ...lines.map(([left]) => left.length)), WIDEST);
    return [`  ${section}:`, ...lines.map(([left, right]) => `${left.padEnd(width)}  # ${right}`), ...more];
  });
}

const WIDEST = 52;

/** Those that rules read; of a section without rules those that are plain and have a default. */
function ofInterest(offered: readonly Parameter[]): readonly Parameter[] {
  const ruled = offered.filter(({ rules }) => rules.length > 0);
  if (ruled.length > 0) return ruled;
  return offered.filter(({ type, default: usual }) => usual !== undefined && type !== "any" && !type.includes("map"));
}

/** The default; where none is stated, a value of its type. */
export function valueOf(parameter: Parameter): string {
  const { default: usual } = parameter;
  const text = usual === undefined ? undefined : yamlText(isOnlyFloat(parameter) ? asFloat(usual) : usual);
  return text ?? exampleOf(parameter);
}

const isOnlyFloat = ({ type }: Parameter): boolean =>
  type.split(" or ").every((each) => each === "number" || each === "null");

const asFloat = (value: JsonValue): JsonValue =>
  typeof value === "number" && Number.isInteger(value) ? { $py: "float", value: `${value}.0` } : value;

const EXAMPLES: readonly (readonly [type: RegExp, text: string])[] = [
  [/\bnull$/, "null"],
  [/^list/, "[]"],
  [/\btrue\/false\b/, "true"],
  [/\binteger\b/, "1"],
  [/\bnumber\b/, "1.0"],
  [/\bmap\b/, "{}"],
  [/\btext\b/, '""'],
];

function exampleOf({ type, choices, named }: Parameter): string {
  const [first] = [...choices, ...named];
  if (first !== undefined) return yamlText(first) ?? "null";
  return EXAMPLES.find(([pattern]) => pattern.test(type))?.[1] ?? "null";
}

/** `number, > 0, <= 1; read by 3 rules`. */
function remarkOf(parameter: Parameter): string {
  const { type, choices, named, bounds, default: usual, rules, methods, required, deprecated, keys } = parameter;
  const parts = [
    [type, bounds].filter((part) => part !== "").join(", "),
    listed("one of ", choices.map(shown)),
    listed("", named.map(shown)),
    listed("keys: ", keys),
    required ? "must be given" : "",
    deprecated ? "deprecated" : "",
    usual === undefined || yamlText(usual) === undefined ? "no default stated" : "",
    listed("for ", methods),
    rules.length > 0 ? `read by ${rules.length} rule${rules.length > 1 ? "s" : ""}` : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}

const shown = (value: JsonValue): string => yamlText(value) ?? "?";

const MOST = 12;

const listed = (what: string, all: readonly string[]): string =>
  all.length === 0
    ? ""
    : `${what}${all.slice(0, MOST).join(", ")}${all.length > MOST ? `, and ${all.length - MOST} others` : ""}`;
