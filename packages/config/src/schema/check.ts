import { ENGINE_IDS, type JsonValue } from "@lem/domain";
import type * as z from "zod";
import { PRESET_NAMES } from "../layers/presets.ts";
import type { Finding } from "../problem.ts";
import { nearest, suggestion } from "../suggest.ts";
import { missingKey, notAllowed, outOfRange, unknownKey, valueWord, wrongType } from "../wording.ts";
import { nodeAt, toJson, type MapNode, type Path } from "../yaml/located.ts";
import { CONFIG_SCHEMA_VERSION, experimentSchema, type ParsedExperiment } from "./experiment.ts";
import { keysAt, listFields } from "./fields.ts";

/** The outcome of the file's own checks. */
export type Checked =
  | { readonly parsed: ParsedExperiment; readonly findings: readonly [] }
  | { readonly parsed: undefined; readonly findings: readonly Finding[] };

type Issue = z.core.$ZodIssue;

/** Checks merged layers against the written schema; native sections are only seen to be maps. */
export function checkWritten(root: MapNode): Checked {
  const outcome = experimentSchema.safeParse(toJson(root), { reportInput: false, jitless: true });
  if (outcome.success) return { parsed: outcome.data, findings: [] };
  return { parsed: undefined, findings: outcome.error.issues.flatMap((issue) => findingsOf(issue, [], root)) };
}

function findingsOf(issue: Issue, above: Path, root: MapNode): readonly Finding[] {
  const path = [...above, ...issue.path.map(String)];
  const node = nodeAt(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], keysAt(path), elsewhere(key)));
    case "invalid_type":
      return [node === undefined ? missingKey(path) : wrongType(path, [expectedAt(path, issue.expected)], node)];
    case "invalid_value":
      return [special(path, root) ?? notAllowed(path, issue.values as JsonValue[], node)];
    case "too_small":
      return [
        outOfRange(
          path,
          `${issue.inclusive === false ? "more than" : "at least"} ${sized(issue.origin, issue.minimum)}`,
          node,
        ),
      ];
    case "too_big":
      return [
        outOfRange(
          path,
          `${issue.inclusive === false ? "less than" : "at most"} ${sized(issue.origin, issue.maximum)}`,
          node,
        ),
      ];
    case "invalid_union":
      return unionFindings(issue, path, root);
    case "invalid_format":
      return [
        {
          code: "config.not-allowed",
          path,
          at: "value",
          message: `${valueWord(node)} cannot stand here`,
          hint: issue.message,
        },
      ];
    default:
      return [{ code: "config.wrong-type", path, at: "value", message: issue.message }];
  }
}

const sized = (origin: string, bound: number | bigint): string =>
  origin === "string" ? `${String(bound)} character long` : String(bound);

/** Fields whose closed list has a code of its own. */
function special(path: Path, root: MapNode): Finding | undefined {
  const node = nodeAt(root, path);
  const word = node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
  const field = path.join(".");
  if (field === "schema_version") return versionFinding(path, root);
  if (word === undefined) return undefined;
  if (field === "engine") {
    const hint = suggestion(word, ENGINE_IDS);
    return { code: "engine.unknown", path, at: "value", message: `there is no engine named "${word}"`, hint };
  }
  if (field !== "preset") return undefined;
  return {
    code: "config.unknown-preset",
    path,
    at: "value",
    message: `there is no preset named "${word}"`,
    hint: suggestion(word, PRESET_NAMES),
  };
}

function versionFinding(path: Path, root: MapNode): Finding | undefined {
  const node = nodeAt(root, path);
  const version = node?.kind === "scalar" ? node.value : undefined;
  if (typeof version !== "number") return wrongType(path, ["int"], node);
  if (version < CONFIG_SCHEMA_VERSION) return outOfRange(path, String(CONFIG_SCHEMA_VERSION), node);
  const message = `the file is of version ${version}, this program reads version ${CONFIG_SCHEMA_VERSION}`;
  return { code: "config.schema-version", path, at: "value", message, hint: "update lem" };
}

type UnionIssue = Extract<Issue, { code: "invalid_union" }>;

/** Of a union the branch that was meant: the one whose outer type fits. Where none fits, all their types are named. */
function unionFindings(issue: UnionIssue, path: Path, root: MapNode): readonly Finding[] {
  const node = nodeAt(root, path);
  if (issue.errors.length === 0) return [notAllowedKind(issue, path, root)];
  const isTypeOfWhole = (inner: Issue): boolean => inner.code === "invalid_type" && inner.path.length === 0;
  const meant = issue.errors.find((branch) => !branch.some(isTypeOfWhole));
  if (meant !== undefined) return meant.flatMap((inner) => findingsOf(inner, path, root));
  const expected = issue.errors
    .flat()
    .filter(isTypeOfWhole)
    .map((inner) => (inner.code === "invalid_type" ? inner.expected : ""));
  return [wrongType(path, expected, node)];
}

/** The `kind` of a map decides its other keys; this one has none, or one that does not exist. */
function notAllowedKind(issue: UnionIssue, path: Path, root: MapNode): Finding {
  const node = nodeAt(root, path);
  return node === undefined ? missingKey(path) : notAllowed(path, ["fixed", "uniform", "lognormal"], node);
}

/** A whole number is asked for as a number first: the reference knows which fields are whole. */
function expectedAt(path: Path, expected: string): string {
  const field = listFields().find((candidate) => candidate.path === path.join("."));
  return expected === "number" && field?.type.startsWith("integer") === true ? "int" : expected;
}

/** A path where a misplaced key would be read. */
function elsewhere(key: string): string | undefined {
  const paths = listFields().map(({ path }) => path);
  const near = nearest(
    key,
    paths.map((path) => path.slice(path.lastIndexOf(".") + 1)),
  );
  return paths.find((path) => path.endsWith(`.${near}`));
}
