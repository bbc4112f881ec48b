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

/**
 * Refuses adapters that lie outside the project: a configuration from elsewhere must not reach other files. A hub id
 * read as a path lies below the folder of its file, so it passes.
 */
export function checkAdapterPaths(root: MapNode, { cwd, leavesProject }: ProjectFiles): readonly Finding[] {
  const leaving = adapterPaths(root).filter((path) => leavesProject(pathInField(root, path, cwd) ?? cwd));
  return leaving.map((path) => ({
    code: "config.path-outside",
    path,
    at: "value",
    message: "the path leaves the project",
    hint: "copy the adapter into the project",
  }));
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
