import { tableLines } from "@lem/report";
import type { DiffPair, DiffRule, EngineDiff, FileDiff } from "../engine-diff.ts";

/** A comparison of two versions for a person: the counts first, then each difference in a line. */
export function diffText({ engine, from, to, rules, parameters, probed_in, config }: EngineDiff): string {
  const { same, added, removed, changed, moved } = rules;
  const { classes, defaults, types } = parameters;
  const parts = [
    [
      `${engine} ${from} -> ${to}`,
      `  rules       ${added.length} added, ${removed.length} removed, ${changed.length} changed, ${moved.length} moved, ${same} the same`,
      `  parameters  ${parameters.added.length} added, ${parameters.removed.length} removed, ${defaults.length} with another default, ${types.length} of another type`,
      `  classes     ${classes.added.length} added, ${classes.removed.length} removed`,
      ...Object.entries(probed_in).map(([version, host]) => `  ${version} was proven in the environment of ${host}`),
    ],
    list("rules added", added.map(ruleText)),
    list("rules removed", removed.map(ruleText)),
    list("rules changed", changed.flatMap(pairText)),
    list("rules moved", moved.flatMap(pairText)),
    list("classes added", classes.added),
    list("classes removed", classes.removed),
    list(
      "parameters added",
      table(parameters.added.map(({ entry, name, default: usual }) => [`${entry}.${name}`, valueText(usual)])),
    ),
    list(
      "parameters removed",
      parameters.removed.map(({ entry, name }) => `${entry}.${name}`),
    ),
    list("defaults changed", table(defaults.map(changeRow))),
    list("types changed", table(types.map(changeRow))),
    config === undefined ? [] : fileText(config, to),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

const list = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

const table = (rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0
    ? []
    : tableLines(["parameter", ...(rows[0]?.length === 2 ? ["default"] : ["before", "after"])], rows);

const SAYS = { error: "refused", warn: "warned about", dormant: "changed or ignored" } as const;

function ruleText({ id, severity, words, profiles }: DiffRule): string {
  const machines = profiles === undefined ? "" : `on ${profiles.join(" and ")} only: `;
  return `${id}  ${machines}${SAYS[severity]} where ${words}`;
}

const pairText = ({ before, after }: DiffPair): readonly string[] => [
  ruleText(after),
  `  was ${before.id}  ${SAYS[before.severity]} where ${before.words}`,
];

const LONGEST = 60;

/** A value or type in a cell. */
function valueText(value: unknown): string {
  if (value === undefined) return "none stated";
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const changeRow = (change: {
  readonly entry: string;
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}): readonly string[] => [`${change.entry}.${change.name}`, valueText(change.before), valueText(change.after)];

function fileText({ file, refused, no_longer_refused: accepted }: FileDiff, to: string): readonly string[] {
  const lines = [
    ...refused.map((problem) => `now refused: ${problemLine(problem)}`),
    ...accepted.map((problem) => `no longer refused: ${problemLine(problem)}`),
  ];
  return lines.length === 0 ? [`${file}: ${to} says the same of it`] : [file, ...lines.map((line) => `  ${line}`)];
}

function problemLine({ file, line, column, path, message, rule }: FileDiff["refused"][number]): string {
  const place = [file, line, column].filter((part) => part !== null).join(":");
  return `${[place, path].filter((part) => part !== "").join("  ")}  ${message}${rule === undefined ? "" : `  (${rule})`}`;
}
