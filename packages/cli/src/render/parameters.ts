import { yamlText, type Parameter } from "@lem/config/parameters";
import type { JsonValue } from "@lem/domain";
import { effectText, tableLines, type ParameterEffect } from "@lem/report";

/** A parameter with what results say of it. */
export interface ShownParameter {
  readonly parameter: Parameter;
  readonly effect: ParameterEffect | undefined;
}

const HEADER = ["parameter", "type", "default", "bounds", "rules", "effect"];
const WIDEST = 36;

/** A table a section, in the schema's order; what a section leaves out is one line. */
export function parameterTables(shown: readonly ShownParameter[]): readonly string[] {
  const sections = Map.groupBy(shown, ({ parameter }) => parameter.section);
  return [...sections].flatMap(([section, all], at) => {
    const offered = all.filter(({ parameter }) => parameter.left_out === undefined);
    return [
      ...(at === 0 ? [] : [""]),
      ...(section === undefined ? [] : [`${section}:`]),
      ...tableLines(HEADER, offered.map(row)).map((line) => `  ${line}`),
      ...leftOutLines(all),
    ];
  });
}

const row = ({ parameter, effect }: ShownParameter): readonly string[] => [
  parameter.name,
  cut(parameter.type),
  cut(defaultText(parameter)),
  cut(limitsText(parameter)),
  parameter.rules.length === 0 ? "" : String(parameter.rules.length),
  effectText(effect),
];

const cut = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text);

/** Bounds, or the list of values. */
const limitsText = ({ bounds, choices }: Parameter): string =>
  [bounds, choices.map(shownValue).join(" | ")].filter((text) => text !== "").join(", ");

const shownValue = (value: JsonValue): string =>
  typeof value === "string" && /^[\w.-]+$/.test(value) ? value : (yamlText(value) ?? "an object");

function defaultText({ default: usual, required }: Parameter): string {
  if (required) return "must be given";
  return usual === undefined ? "" : shownValue(usual);
}

const REASONS = {
  "decided-by-lem": "decided by lem elsewhere",
  "not-data": "not data that a file can hold",
} as const;

function leftOutLines(all: readonly ShownParameter[]): readonly string[] {
  return Object.entries(REASONS).flatMap(([reason, words]) => {
    const names = all.filter(({ parameter }) => parameter.left_out === reason).map(({ parameter }) => parameter.name);
    return names.length === 0 ? [] : [`  ${words}: ${names.join(", ")}`];
  });
}

/** All that is known of one parameter. */
export function parameterLines({ parameter, effect }: ShownParameter, path: string): readonly string[] {
  const {
    type,
    bounds,
    choices,
    named,
    rules,
    keys,
    classes,
    methods,
    left_out: leftOut,
    description_sha256: hash,
  } = parameter;
  const rows: readonly (readonly [string, string])[] = [
    ["type", type],
    ["bounds", bounds],
    ["one of", choices.map(shownValue).join(", ")],
    ["also", named.map(shownValue).join(", ")],
    ["keys", keys.join(", ")],
    ["default", defaultText(parameter) || "none stated"],
    ["class", classes.join(", ")],
    ["for", methods.join(", ")],
    ["status", parameter.deprecated ? "deprecated" : ""],
    ["left out", leftOut === undefined ? "" : REASONS[leftOut]],
    ["description", hash === undefined ? "" : `sha256 ${hash}`],
    ["effect", effectText(effect)],
    ...rules.map(({ id, severity }, at) => [at === 0 ? "rules" : "", `${severity} ${id}`] as const),
  ];
  const told = rows.filter(([, text]) => text !== "");
  const width = Math.max(...told.map(([name]) => name.length));
  return [path, ...told.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)];
}
