import { problemAt, type Problem } from "../problem.ts";
import { NOWHERE, withEntries, emptyMap, type Located, type MapNode } from "../yaml/located.ts";
import { parseValue } from "../yaml/parse.ts";
import { overlayAll } from "./overlay.ts";

/** What the command line sets; it wins over every file. */
export interface Flags {
  readonly engine?: string;
  readonly model?: string;
  /** `PATH=VALUE` each, the value in YAML; later ones win. */
  readonly set?: readonly string[];
}

/** The layer that flags make. */
export interface FlagLayer {
  readonly map: MapNode;
  readonly problems: readonly Problem[];
}

/** Reads flags into a layer. A value is YAML: `1` is an integer, `1.0` a float, `[a, b]` a list. */
export function parseFlags(flags: Flags): FlagLayer {
  const problems: Problem[] = [];
  const named = (["engine", "model"] as const).flatMap((key) => {
    const value = flags[key];
    return value === undefined
      ? []
      : [nest([key], { kind: "scalar", value, float: false, mark: NOWHERE, origin: "flag" })];
  });
  const set = (flags.set ?? []).flatMap((assignment) => parseAssignment(assignment, problems));
  return { map: overlayAll([...named, ...set.toReversed()]), problems };
}

function parseAssignment(assignment: string, problems: Problem[]): readonly MapNode[] {
  const split = assignment.indexOf("=");
  const path = pathOf(assignment.slice(0, Math.max(split, 0)).trim());
  if (split < 0 || path.includes("")) {
    const hint = "for example --set workload.output_tokens=64";
    problems.push(
      problemAt(NOWHERE, {
        code: "config.set-syntax",
        path: [],
        message: `"${assignment}" is not of the form PATH=VALUE`,
        hint,
      }),
    );
    return [];
  }
  if (path[0] === "extends") {
    problems.push(
      problemAt(NOWHERE, { code: "config.set-path", path, message: "extends can be written in a file only" }),
    );
    return [];
  }
  const { value, problems: inValue } = parseValue(assignment.slice(split + 1), { origin: "flag" });
  for (const { code, message } of inValue) {
    const said = code === "config.syntax" ? ("config.set-syntax" as const) : code;
    const hint = "put quotes around a value with special characters";
    problems.push(
      problemAt(NOWHERE, { code: said, path, message: `the value of --set ${path.join(".")}: ${message}`, hint }),
    );
  }
  return [
    nest(
      path,
      value === undefined
        ? { kind: "scalar", value: null, float: false, mark: NOWHERE, origin: "flag" }
        : unplaced(value),
    ),
  ];
}

/** The keys of a dotted path; the name of an axis is a dotted field itself. */
function pathOf(dotted: string): readonly string[] {
  const [root = "", part = "", ...rest] = dotted.split(".");
  return root === "sweep" && part === "axes" && rest.length > 0 ? [root, part, rest.join(".")] : dotted.split(".");
}

/** A value of the command line has no line or column in any file. */
function unplaced(node: Located): Located {
  if (node.kind === "scalar") return { ...node, mark: NOWHERE };
  if (node.kind === "list") return { ...node, items: node.items.map(unplaced), mark: NOWHERE };
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { key: NOWHERE, value: unplaced(entry.value) }] as const,
  );
  return { ...withEntries(node, entries), mark: NOWHERE };
}

const nest = (path: readonly string[], value: Located): MapNode =>
  path.reduceRight<Located>(
    (inner, key) => withEntries(emptyMap("flag"), [[key, { key: NOWHERE, value: inner }]]),
    value,
  ) as MapNode;
