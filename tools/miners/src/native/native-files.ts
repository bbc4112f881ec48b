import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromSystemError, LemError } from "@lem/domain";
import type { NativeExtension } from "../targets/target.ts";
import type { NativeModule } from "./native-modules.ts";
import { readBindings, type CppFile } from "./read-bindings.ts";

/** The C++ files of a folder that patterns name, in the order of their paths. @throws LemError `io.*` */
export function cppFiles(folder: string, patterns: readonly string[]): readonly CppFile[] {
  const paths = globSync([...patterns], { cwd: folder }).toSorted();
  return paths.map((path) => {
    try {
      return { path, text: readFileSync(join(folder, path), "utf8") };
    } catch (error) {
      throw fromSystemError(error, `reading ${join(folder, path)}`);
    }
  });
}

/**
 * The modules of a compiled extension, as the binding files in a folder describe them.
 * @throws LemError `mine.source-missing` when there are none, `io.*`
 */
export function nativeModules(
  folder: string,
  { module, bindings, headers }: NativeExtension,
): { readonly module: string; readonly modules: readonly NativeModule[] } {
  const modules = readBindings(cppFiles(folder, bindings), cppFiles(folder, headers));
  if (modules.length > 0) return { module, modules };
  throw new LemError("mine.source-missing", `no file under ${folder} defines the native module ${module}`, {
    hint: `--source names a folder that also holds ${bindings.join(", ")}`,
  });
}
