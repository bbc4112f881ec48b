import { sha256 } from "@lem/domain";
import type { LateChecks } from "../targets/target.ts";
import { callAt } from "./binding-calls.ts";
import { cppFunctions } from "./cpp-functions.ts";
import { cppText, lineAt, type CppText } from "./cpp-text.ts";
import type { CppFile } from "./read-bindings.ts";

/**
 * A check in native code, which runs when an engine starts or a request arrives: no constructor shows it, so no rule
 * claims it. It holds no text of the engine.
 */
export interface LateSite {
  readonly path: string;
  readonly qualname: string;
  /** From 1. */
  readonly line: number;
  /** Digest over what it checks, as it is written without spaces. */
  readonly condition: string;
  /** The names that it reads. */
  readonly names: readonly string[];
}

/** The checks in C++ files: what the target names, and every throw; in the order of paths and lines. */
export function lateSites(files: readonly CppFile[], { checks }: Pick<LateChecks, "checks">): readonly LateSite[] {
  return files.flatMap(({ path, text }) => sitesOf(cppText(text), path, checks));
}

function sitesOf(text: CppText, path: string, checks: readonly string[]): readonly LateSite[] {
  const functions = cppFunctions(text, path);
  const called = new RegExp(
    `\\b(?:${["throw(?=\\s+[\\w:])", ...checks.map((name) => `${name}(?=\\s*\\()`)].join("|")})`,
    "g",
  );
  return [...text.code.matchAll(called)].flatMap(({ index }) => {
    const around = functions.findLast(({ body }) => body.start <= index && index < body.end);
    const condition = conditionAt(text, index);
    const names = [...new Set(condition.replaceAll(/_cast\s*<[^<>]*>/g, "_cast").match(NAME))].filter(isName);
    return [
      { path, qualname: around?.name ?? "", line: lineAt(text.code, index), condition: digestOf(condition), names },
    ];
  });
}

const NAME = /(?<![\w.])[A-Za-z_]\w*\b(?!\s*(?:::|\())/g;
const isName = (word: string): boolean => !/^(?:const|nullptr|sizeof|true|false|\w+_cast)$/.test(word);

/** What a check is given first; of a throw, nothing. */
function conditionAt(text: CppText, at: number): string {
  const [first] = callAt(text, at)?.arguments ?? [];
  return first === undefined || text.code.startsWith("throw", at) ? "" : text.code.slice(first.start, first.end).trim();
}

const digestOf = (condition: string): string => sha256(condition.replaceAll(/\s+/g, "")).slice(0, 16);
