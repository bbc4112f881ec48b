import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { CheckOptions, LoadedExperiment } from "../../src/index.ts";
import { checkText, loadExperiment } from "../../src/index.ts";

/** The parameter schemas that tests check against. */
export const CORPORA: string = join(import.meta.dirname, "..", "fixtures", "corpora");

/** Rules of real classes, written and checked by hand. */
export const RULES: string = join(import.meta.dirname, "..", "fixtures", "rules");

/** A folder with files, removed after the test. */
export function project(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "lem-config-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Loads a file of a project. */
export const load = (cwd: string, file: string, options: Partial<CheckOptions> = {}): Promise<LoadedExperiment> =>
  loadExperiment({ cwd, file, corporaRoot: CORPORA, ...options });

/** Checks a text that lies in no file. */
export const check = (text: string, options: Partial<CheckOptions> = {}): Promise<LoadedExperiment> =>
  checkText(text, { cwd: "/nowhere", corporaRoot: CORPORA, ...options });

/** Problems as `line:column code path`, `-` for what lies in no file. */
export const places = ({ problems }: Pick<LoadedExperiment, "problems">): readonly string[] =>
  problems.map(({ line, column, code, path }) =>
    `${line === null ? "-" : `${line}:${column}`} ${code} ${path}`.trimEnd(),
  );

/** The codes of the problems. */
export const codes = ({ problems }: Pick<LoadedExperiment, "problems">): readonly string[] =>
  problems.map(({ code }) => code);

/** A value that the test needs. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the test needs a value here, and there is none");
  return value;
}
