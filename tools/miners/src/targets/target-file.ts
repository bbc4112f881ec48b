import { LemError, type JsonValue } from "@lem/domain";
import { parse } from "yaml";
import { z } from "zod";
import type {
  EntryClass,
  EntryFolder,
  FixtureStep,
  StandIns,
  Target,
  TargetCall,
  TargetFunction,
  TargetProfile,
} from "./target.ts";

const DOTTED = z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/, "a dotted Python name");
const NAME = z.string().regex(/^[A-Za-z_]\w*$/, "a Python name");
const TAGGED: z.ZodType<Readonly<Record<string, JsonValue>>> = z.record(NAME, z.json() as z.ZodType<JsonValue>);

const CALLS: z.ZodType<readonly TargetCall[]> = z.array(
  z.strictObject({
    method: NAME,
    keywords: TAGGED.default({}),
    severity: z.enum(["error", "warn"]).default("error"),
  }),
);

const CHOICE = z.strictObject({
  key: NAME,
  mapping: DOTTED.nullable().default(null),
  entries: z.record(z.string(), DOTTED).default({}),
});

const STEP: z.ZodType<FixtureStep> = z.strictObject({
  as: NAME.optional(),
  on: NAME.optional(),
  call: z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, "a Python name"),
  arguments: z.array(z.json() as z.ZodType<JsonValue>).default([]),
  keywords: TAGGED.default({}),
});

const SEVERAL = "with one fixture all that depends on it would look like a rule";

const FOLDER: z.ZodType<EntryFolder> = z.strictObject({
  keyword: NAME,
  fixtures: z.record(NAME, z.array(STEP).min(1)).refine((fixtures) => Object.keys(fixtures).length > 1, SEVERAL),
});

const CLASS: z.ZodType<EntryClass> = z.strictObject({
  name: DOTTED,
  calls: CALLS.default([]),
  within: z.array(z.string().min(1)).min(1).optional(),
  optional: z.boolean().optional(),
  folder: FOLDER.optional(),
});

const FUNCTION: z.ZodType<TargetFunction> = z.strictObject({
  name: DOTTED,
  named_by: z.array(DOTTED).min(1),
  keywords: z.record(NAME, z.array(z.json() as z.ZodType<JsonValue>)),
  fixtures: z.array(z.array(STEP).min(1)).min(2, SEVERAL),
  machine: z.array(DOTTED).default([]),
  inputs: z.int().positive().default(300),
});

const MODULE = z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, "a Python module");

const GLOBS = z.array(z.string().min(1));

const STAND_INS: z.ZodType<StandIns> = z.strictObject({
  native: z.array(z.strictObject({ module: DOTTED, bindings: GLOBS.min(1), headers: GLOBS.default([]) })).default([]),
  permissive: z.array(MODULE).default([]),
  lazy: z.array(z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, "a Python package")).default([]),
  answers: z.record(DOTTED, z.json() as z.ZodType<JsonValue>).default({}),
});

const PROFILE: z.ZodType<TargetProfile> = z.strictObject({
  pretend: z.record(DOTTED, z.json() as z.ZodType<JsonValue>).default({}),
  permissive: z.array(MODULE).default([]),
  classes: z.array(DOTTED).min(1).optional(),
  shows: z.record(DOTTED, z.json() as z.ZodType<JsonValue>).default({}),
});

const TARGET: z.ZodType<Target> = z.strictObject({
  engine: z.string().regex(/^[a-z][a-z0-9-]*$/, "a name in lower case"),
  packages: z.array(z.string().min(1)).min(1),
  root: NAME,
  classes: z.array(CLASS),
  families: z
    .array(
      z.strictObject({
        base: DOTTED,
        module: DOTTED,
        public: z.string().min(1),
        except: z.array(NAME).default([]),
        calls: CALLS.default([]),
      }),
    )
    .default([]),
  functions: z.array(FUNCTION).default([]),
  sections: z.record(z.string(), z.union([DOTTED, CHOICE])).default({}),
  landmarks: z.array(DOTTED).min(1, "a target without landmarks cannot notice that its engine was rebuilt"),
  fixtures: z.record(DOTTED, TAGGED).default({}),
  env: z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/), z.string()).default({}),
  keeps: z.array(z.string().regex(/^[A-Z_][A-Z0-9_]*$/)).default([]),
  inputs: z.int().positive().optional(),
  stand_ins: STAND_INS.nullable().default(null),
  late: z
    .strictObject({ files: GLOBS.min(1), checks: z.array(NAME) })
    .nullable()
    .default(null),
  profiles: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, "a profile"), PROFILE).default({}),
});

/** Reads the text of a target file. @throws LemError `mine.target` with the first problem */
export function parseTarget(text: string, file: string): Target {
  const outcome = TARGET.safeParse(yamlOf(text, file));
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw broken(file, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}`);
}

function yamlOf(text: string, file: string): unknown {
  try {
    return parse(text, { merge: true }) as unknown;
  } catch (error) {
    throw broken(file, error instanceof Error ? error.message : String(error));
  }
}

const broken = (file: string, what: string): LemError =>
  new LemError("mine.target", `the mining target ${file} is not understood: ${what}`, {
    place: { file },
    hint: "see the other files of tools/miners/targets, and the type Target",
  });
