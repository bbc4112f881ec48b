import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceTree } from "../src/source/source-tree.ts";
import type { Target } from "../src/targets/target.ts";
import { fixtureTarget, memoryTree } from "./memory-tree.ts";

const FOLDER = join(import.meta.dirname, "fixtures");

/** One Python file of `fixtures/`, as a package of its own. */
export interface FixtureCase {
  /** `topic/case`. */
  readonly name: string;
  readonly shot: string;
  readonly files: Readonly<Record<string, string>>;
  readonly tree: SourceTree;
  readonly target: Target;
}

/**
 * Every fixture. Its first lines name the entry class (`# entry: Config`) and methods that are run on it (`# method:`);
 * `#--- path` begins another file of the package, for what needs several modules.
 */
export function fixtureCases(): readonly FixtureCase[] {
  return globSync("*/*.py", { cwd: FOLDER })
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(FOLDER, path), "utf8");
      const files = splitFiles(text);
      const word = (name: string): string[] =>
        [...text.matchAll(new RegExp(`^# ${name}: (\\w+)$`, "gm"))].map(([, found = ""]) => found);
      const module = "fixture/case.py" in files ? "fixture.case" : "fixture";
      const target = fixtureTarget(`${module}.${word("entry")[0]}`, word("method"));
      const name = path.replace(/\.py$/, "");
      return { name, shot: join(FOLDER, `${name}.shot`), files, tree: memoryTree(files), target };
    });
}

function splitFiles(text: string): Record<string, string> {
  const [head = "", ...parts] = text.split(/^#--- (.+)$/m);
  if (parts.length === 0) return { "fixture/__init__.py": "", "fixture/case.py": head };
  const files: Record<string, string> = {};
  for (let index = 0; index < parts.length; index += 2)
    files[parts[index] ?? ""] = parts[index + 1]?.replace(/^\n/, "") ?? "";
  return files;
}
