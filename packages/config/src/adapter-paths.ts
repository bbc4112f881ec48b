import type { Finding } from "./problem.ts";
import type { EngineSections } from "./sections.ts";
import { pathInField } from "./written-path.ts";
import { nodeAt, stringAt, withEntries, type MapNode, type Path } from "./yaml/located.ts";

const ADAPTER_SECTIONS: readonly Path[] = [
  ["transformers", "adapter"],
  ["transformers", "extra", "adapter"],
];

/** Fields of the adapter section that name a file or folder. */
function adapterPaths(root: MapNode): readonly Path[] {
  return ADAPTER_SECTIONS.flatMap((section) => {
    const adapter = nodeAt(root, section);
    const keys = adapter?.kind === "map" ? [...adapter.entries.keys()] : [];
    return keys.filter((key) => key.toLowerCase().endsWith("path")).map((key) => [...section, key]);
  }).filter((path) => stringAt(root, path) !== undefined);
}

/** Refuses adapters that lie outside the project: a configuration from elsewhere must not reach other files. */
export function checkAdapterPaths(
  root: MapNode,
  { cwd, leavesProject }: { readonly cwd: string; readonly leavesProject: (path: string) => boolean },
): readonly Finding[] {
  const leaving = adapterPaths(root).filter((path) => leavesProject(pathInField(root, path, cwd) ?? cwd));
  return leaving.map((path) => ({
    code: "config.path-outside",
    path,
    at: "value",
    message: "the path leaves the project",
    hint: "copy the adapter into the project",
  }));
}

/** Writes adapter paths in full: the worker does not run in the user's folder. */
export function withFullAdapterPaths(sections: EngineSections, root: MapNode, cwd: string): EngineSections {
  const adapter = sections.merged.get("adapter");
  if (adapter === undefined) return sections;
  const paths = new Map(adapterPaths(root).map((path) => [path.at(-1) ?? "", pathInField(root, path, cwd)]));
  const entries = [...adapter.entries].map(([key, entry]) => {
    const value = paths.get(key);
    const full = value !== undefined && entry.value.kind === "scalar";
    return [key, full ? { key: entry.key, value: { ...entry.value, value } } : entry] as const;
  });
  return { ...sections, merged: new Map([...sections.merged, ["adapter", withEntries(adapter, entries)]]) };
}
