import type { JsonValue, Origin } from "@lem/domain";
import type { Resolution, ResolvedExperiment } from "./experiment.ts";
import { leavesOf, nodeAt, type Located, type MapNode, type Path } from "./yaml/located.ts";

/** One resolved field with its value and where that came from. */
export interface FieldValue {
  readonly path: string;
  readonly value: JsonValue;
  readonly origin: Origin;
}

/** Every leaf of an experiment by dotted path; native sections stand under their engine, lists are leaves. */
function resolvedLeaves(experiment: ResolvedExperiment): readonly (readonly [Path, JsonValue])[] {
  const { schema_version, name, engine, model, workload, measurement, sections } = experiment;
  const native = Object.keys(sections).length === 0 ? {} : { [engine]: sections };
  const ordered = { schema_version, name, engine, model, workload, measurement, ...native };
  return leaves(ordered as unknown as JsonValue, []);
}

function leaves(value: JsonValue, path: Path): readonly (readonly [Path, JsonValue])[] {
  const whole = value === null || typeof value !== "object" || Array.isArray(value);
  const inner = whole ? [] : Object.entries(value);
  return inner.length === 0 ? [[path, value]] : inner.flatMap(([key, item]) => leaves(item, [...path, key]));
}

/** The origin of every leaf. */
export function provenanceOf(experiment: ResolvedExperiment, root: MapNode): Readonly<Record<string, Origin>> {
  const origins = resolvedLeaves(experiment).map(([path]) => {
    const node = nodeAt(root, writtenPath(path, experiment));
    return [path.join("."), node === undefined ? "default" : strongestOrigin(node)] as const;
  });
  return Object.fromEntries(origins);
}

/** Where a resolved leaf is written: the source of prompts is one choice, and passed-on keys stand under `extra`. */
function writtenPath(path: Path, { engine, workload, unchecked }: ResolvedExperiment): Path {
  const [root = "", section = "", key = ""] = path;
  if (root === "workload" && section === "prompts")
    return [root, workload.prompts.kind === "synthetic" ? "lengths" : section];
  return root === engine && unchecked.includes(`${root}.${section}.${key}`)
    ? [engine, "extra", ...path.slice(1)]
    : path;
}

const STRONGEST_FIRST: readonly Origin[] = ["flag", "file", "base", "preset", "user-file", "default"];

/** Of a value with parts the strongest origin among them. */
function strongestOrigin(node: Located): Origin {
  const origins = leavesOf(node).map((leaf) => leaf.node.origin);
  return STRONGEST_FIRST.find((origin) => origins.includes(origin)) ?? "default";
}

/** Every resolved field with value and origin, in the order of the file: what `lem config show` prints. */
export function listFieldValues({
  experiment,
  provenance,
}: Pick<Resolution, "experiment" | "provenance">): readonly FieldValue[] {
  return resolvedLeaves(experiment).map(([path, value]) => {
    const dotted = path.join(".");
    return { path: dotted, value, origin: provenance[dotted] ?? "default" };
  });
}
