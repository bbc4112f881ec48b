import type { Finding } from "./problem.ts";
import type { EngineSections } from "./sections.ts";
import { pathInField } from "./written-path.ts";
import { nodeAt, stringAt, withEntries, type MapNode, type Path } from "./yaml/located.ts";

/** What is known of the project's files. */
export interface ProjectFiles {
  readonly cwd: string;
  /** True for an absolute path that lies outside the project. */
  readonly leavesProject: (path: string) => boolean;
  /** True for an absolute path at which something lies. */
  readonly exists: (path: string) => boolean;
}

const ADAPTER_SECTIONS: readonly Path[] = [
  ["transformers", "adapter"],
  ["transformers", "extra", "adapter"],
];

/** Keys that name a folder: `model_id` holds a hub id or a path. */
const isPathKey = (key: string): boolean => key === "model_id" || key.toLowerCase().endsWith("path");

/** Fields of the adapter section that may name a file or folder. */
function adapterPaths(root: MapNode): readonly Path[] {
  return ADAPTER_SECTIONS.flatMap((section) => {
    const adapter = nodeAt(root, section);
    const keys = adapter?.kind === "map" ? [...adapter.entries.keys()] : [];
    return keys.filter(isPathKey).map((key) => [...section, key]);
  }).filter((path) => stringAt(root, path) !== undefined);
}

const HUB_ID = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;

/**
 * Refuses adapters that lie outside the project, since a configuration from elsewhere must not reach other files, and
 * those that lie nowhere. A hub id read as a path lies below the folder of its file, so it passes.
 */
export function checkAdapterPaths(root: MapNode, files: ProjectFiles): readonly Finding[] {
  return adapterPaths(root).flatMap((path) => adapterFinding(root, path, files) ?? []);
}

function adapterFinding(root: MapNode, path: Path, { cwd, leavesProject, exists }: ProjectFiles): Finding | undefined {
  const written = stringAt(root, path) ?? "";
  const full = pathInField(root, path, cwd) ?? cwd;
  const said = { path, at: "value" } as const;
  if (leavesProject(full)) {
    const hint = "copy the adapter into the project";
    return { ...said, code: "config.path-outside", message: "the path leaves the project", hint };
  }
  if (exists(full) || HUB_ID.test(written)) return undefined;
  const hint = "name the folder that holds adapter_config.json";
  return { ...said, code: "model.not-found", message: `there is no adapter at ${written}`, hint };
}

/** Writes the paths of existing adapters in full: the worker does not run in the user's folder. */
export function withFullAdapterPaths(sections: EngineSections, root: MapNode, files: ProjectFiles): EngineSections {
  const adapter = sections.merged.get("adapter");
  if (adapter === undefined) return sections;
  const paths = new Map(adapterPaths(root).map((path) => [path.at(-1) ?? "", pathInField(root, path, files.cwd)]));
  const entries = [...adapter.entries].map(([key, entry]) => {
    const value = paths.get(key);
    const full = value !== undefined && entry.value.kind === "scalar" && files.exists(value);
    return [key, full ? { key: entry.key, value: { ...entry.value, value } } : entry] as const;
  });
  return { ...sections, merged: new Map([...sections.merged, ["adapter", withEntries(adapter, entries)]]) };
}
