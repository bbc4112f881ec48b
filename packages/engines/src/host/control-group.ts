import { readText, type HostOptions } from "./files.ts";

/** A limit that a control group sets; `Infinity` is no limit. */
export interface GroupLimit {
  readonly limit: number;
  readonly source: string;
}

/** Reads the limit of one group's folder; undefined when the folder has no such file. */
export type ReadLimit = (folder: string, version: 1 | 2) => Promise<GroupLimit | undefined>;

/**
 * The tightest limit of a controller over the process's own control group and all groups above it, in version 1, 2 or
 * mixed hierarchies. Undefined when the controller is not mounted.
 */
export async function tightestLimit(
  host: HostOptions,
  controller: "cpu" | "memory",
  read: ReadLimit,
): Promise<GroupLimit | undefined> {
  const membership = await readText(host, "/proc/self/cgroup");
  if (!membership.ok) return undefined;
  const { version, folders } = groupFolders(membership.text, controller);
  const limits = await Promise.all(folders.map((folder) => read(folder, version)));
  const present = limits.filter((limit) => limit !== undefined);
  return present.toSorted((a, b) => a.limit - b.limit)[0];
}

/** The versions of control groups that are in use: "v1", "v2", or "v1 and v2". */
export function groupVersions(membership: string): string {
  const lines = membership.split("\n").filter((line) => line !== "");
  const second = lines.some((line) => line.startsWith("0::"));
  const first = lines.some((line) => !line.startsWith("0::") && !line.includes(":name="));
  return first && second ? "v1 and v2" : first ? "v1" : "v2";
}

function groupFolders(membership: string, controller: string): { version: 1 | 2; folders: readonly string[] } {
  const groups = membership.split("\n").map((line) => {
    const [, controllers = "", ...path] = line.split(":");
    return { controllers: controllers.split(","), path: path.join(":") };
  });
  const first = groups.find((group) => group.controllers.includes(controller));
  const path = first?.path ?? groups.find((group) => group.controllers.includes(""))?.path ?? "/";
  const base = first === undefined ? "/sys/fs/cgroup" : `/sys/fs/cgroup/${controller}`;
  return { version: first === undefined ? 2 : 1, folders: upwards(base, path) };
}

/** The group's folder and those above it. A path outside the visible hierarchy (`/../x`) leaves only its root. */
function upwards(base: string, path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.includes("..")) return [base];
  return [base, ...parts.map((_, index) => `${base}/${parts.slice(0, index + 1).join("/")}`)];
}
