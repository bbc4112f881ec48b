import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderTree } from "../../src/source/folder.ts";
import { survey, type Survey } from "../../src/take-ledger.ts";
import type { Target } from "../../src/targets/target.ts";
import type { InstalledEngine } from "../installed-engine.ts";
import { mutated, type Mutation } from "./mutate.ts";

/** A mutation with the file that it is in, and the classes that run the place. */
export interface Placed extends Mutation {
  readonly path: string;
  readonly entries: readonly string[];
}

/** Most of the package, and no configuration: linked, not copied. */
const LINKED = "models";

/** A copy of an engine's source that may be changed. */
export class SourceCopy {
  readonly folder: string = mkdtempSync(join(tmpdir(), "lem-mutants-"));
  readonly #target: Target;
  readonly #installed: InstalledEngine;

  constructor(target: Target, installed: InstalledEngine) {
    this.#target = target;
    this.#installed = installed;
    const [from, to] = [join(installed.sitePackages, target.root), join(this.folder, target.root)];
    const isCopied = (path: string): boolean => path !== join(from, LINKED) && !path.endsWith("__pycache__");
    cpSync(from, to, { recursive: true, filter: isCopied });
    symlinkSync(join(from, LINKED), join(to, LINKED));
  }

  /** Makes mutations, and undoes all that were made before in the same files. */
  write(mutations: readonly Placed[]): void {
    for (const [path, changes] of Map.groupBy(mutations, (each) => each.path))
      writeFileSync(join(this.folder, path), mutated(this.text(path), changes));
  }

  /** Undoes the mutations of some files. */
  restore(paths: readonly string[]): void {
    for (const path of paths) writeFileSync(join(this.folder, path), this.text(path));
  }

  /** The unchanged text of a file. */
  text(path: string): string {
    return readFileSync(join(this.#installed.sitePackages, path), "utf8");
  }

  /** Reads the source as it is now. */
  survey(): Promise<Survey> {
    const { engine, root } = this.#target;
    const { version } = this.#installed;
    return survey(folderTree({ folder: this.folder, package: engine, version, root }), this.#target);
  }
}
