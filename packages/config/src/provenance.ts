import type { JsonValue, Origin } from "@lem/domain";
import type { Resolution, ResolvedExperiment } from "./experiment.ts";
import { leavesOf, nodeAt, type MapNode, type Path } from "./yaml/located.ts";

/** One resolved field with its value and where that came from. */
export interface FieldValue {
  readonly path: string;
  readonly value: JsonValue;
  readonly origin: Origin;
}

/** Fields whose value is one choice, although it has parts. */
const WHOLE = new Set(["workload.prompts", "workload.lengths"]);

/** Every leaf of an experiment by dotted path from the root; synthetic prompts stand under `workload.lengths`. */
function resolvedLeaves(experiment: ResolvedExperiment): readonly (readonly [Path, JsonValue])[] {
  const { schema_version, name, engine, model, measurement, sections } = experiment;
  const { prompts, ...work } = experiment.workload;
  const source = prompts.kind === "synthetic" ? { lengths: prompts.lengths } : { prompts };
  const native = Object.keys(sections).length === 0 ? {} : { [engine]: sections };
  const ordered = { schema_version, name, engine, model, workload: { ...source, ...work }, measurement, ...native };
  return leaves(ordered as unknown as JsonValue, []);
}

function leaves(value: JsonValue, path: Path): readonly (readonly [Path, JsonValue])[] {
  const whole = value === null || typeof value !== "object" || Array.isArray(value) || WHOLE.has(path.join("."));
  const inner = whole ? [] : Object.entries(value);
  return inner.length === 0 ? [[path, value]] : inner.flatMap(([key, item]) => leaves(item, [...path, key]));
}

/** The origin of every leaf: of a value with parts the strongest origin among them. */
export function provenanceOf(experiment: ResolvedExperiment, root: MapNode): Readonly<Record<string, Origin>> {
  return Object.fromEntries(
    resolvedLeaves(experiment).map(([path]) => [path.join("."), originAt(path, root, experiment)]),
  );
}

const STRONGEST_FIRST: readonly Origin[] = ["flag", "file", "base", "preset", "user-file", "default"];

function originAt(path: Path, root: MapNode, { engine, unchecked }: ResolvedExperiment): Origin {
  const passed = path[0] === engine && path.length > 2 && unchecked.includes(path.slice(0, 3).join("."));
  const node = nodeAt(root, passed ? [engine, "extra", ...path.slice(1)] : path);
  const origins = node === undefined ? [] : leavesOf(node).map((leaf) => leaf.node.origin);
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
