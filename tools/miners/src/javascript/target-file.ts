import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromSystemError, LemError } from "@lem/domain";
import { parse } from "yaml";
import { z } from "zod";
import type { EntryRecipe } from "../../probe/node/child.ts";
import type { Step } from "../../probe/node/steps.ts";
import type { JavaScriptTarget, OptionsTarget, WalkTarget } from "./target.ts";

const FOLDER = join(import.meta.dirname, "../../targets/javascript");

const NAME = z.string().regex(/^[A-Za-z_$][\w$]*$/, "a name of JavaScript");
const DOTTED = z.string().regex(/^[\w$-]+(\.[A-Za-z_$][\w$]*)+$/, "a package and a name in it");
const FILE = z.string().regex(/^[\w.-]+(\/[\w.-]+)*$/, "a path in the package");

const STEP: z.ZodType<Step> = z.strictObject({
  as: NAME.exactOptional(),
  on: NAME.exactOptional(),
  call: NAME,
  arguments: z.array(z.unknown()),
});

const RECIPE: z.ZodType<EntryRecipe> = z.strictObject({
  steps: z.array(STEP).min(1),
  finally: z.array(STEP).default([]),
  observe: z.record(NAME, z.string()).default({}),
  named: z.record(z.string().regex(/^[A-Za-z_$][\w$]*(\.([A-Za-z_$][\w$]*|\*))*$/, "a dotted path"), NAME).default({}),
});

const WALK: z.ZodType<WalkTarget> = z.strictObject({
  path: FILE,
  cls: NAME,
  method: NAME,
  self: NAME.nullable().default(null),
  arguments: z.array(z.unknown()),
  result: NAME.nullable().default(null),
});

const OPTIONS: z.ZodType<OptionsTarget> = z.strictObject({
  name: DOTTED,
  declared: FILE,
  without: z.array(NAME).default([]),
  walk: WALK,
  recipe: RECIPE,
  inputs: z.int().positive(),
});

const TARGET: z.ZodType<JavaScriptTarget> = z.strictObject({
  engine: z.string().regex(/^[a-z][a-z0-9-]*$/, "a name in lower case"),
  package: z.string().min(1),
  main: FILE,
  program: FILE,
  native: FILE.nullable().default(null),
  landmarks: z.array(NAME).min(1, "a target without landmarks cannot notice that its engine was rebuilt"),
  models: z.record(NAME, z.union([z.string(), z.record(z.string(), z.unknown())])).default({}),
  files: z.record(NAME, z.base64()).default({}),
  start: z.array(STEP),
  restore: z.array(z.string().regex(/^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+$/, "a dotted path")).default([]),
  machine: NAME,
  stands: z.record(z.string(), z.unknown()).default({}),
  options: z.array(OPTIONS).min(1),
  sections: z.record(z.string(), DOTTED).default({}),
});

/** Whether an engine is a package for Node that can be mined. */
export const isJavaScript = (engine: string): boolean => engines().includes(engine);

/** Every engine that is a package for Node. */
export const javaScriptTargets = (): readonly JavaScriptTarget[] => engines().map(javaScriptTarget);

/** The target of such an engine, read from its file. @throws LemError `mine.target`, `io.*` */
export function javaScriptTarget(engine: string): JavaScriptTarget {
  const file = join(FOLDER, `${engine}.yaml`);
  try {
    return parsed(readFileSync(file, "utf8"), file);
  } catch (error) {
    throw fromSystemError(error, `reading ${file}`);
  }
}

function parsed(text: string, file: string): JavaScriptTarget {
  const outcome = TARGET.safeParse(parse(text));
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  const what = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}`;
  throw new LemError("mine.target", `the mining target ${file} is not understood: ${what}`, {
    place: { file },
    hint: "see the type JavaScriptTarget",
  });
}

const engines = (): readonly string[] =>
  globSync("*.yaml", { cwd: FOLDER })
    .map((name) => name.slice(0, -".yaml".length))
    .toSorted();
