import { globSync } from "node:fs";
import { join } from "node:path";
import { lemPaths } from "@lem/engines/paths";

/** An engine that `lem engines install` put into the normal cache; undefined when none is there. */
export interface InstalledEngine {
  readonly python: string;
  readonly sitePackages: string;
  readonly version: string;
}

/** Looks for the newest installed version of an engine. */
export function installedEngine(engine: string): InstalledEngine | undefined {
  const { engines } = lemPaths(process.env);
  const found = globSync(`${engine}-*-cpu/lib/python3.*/site-packages/${engine}`, { cwd: engines }).toSorted().at(-1);
  const version = /^\D+-(.+)-cpu\//.exec(found ?? "")?.[1];
  if (found === undefined || version === undefined) return undefined;
  const [folder = ""] = found.split("/");
  return { python: join(engines, folder, "bin/python"), sitePackages: join(engines, found, ".."), version };
}
