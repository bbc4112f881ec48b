import { decoded } from "./values.ts";

/** One call of a recipe: a function that the package exports, or a method of what an earlier step made. */
export interface Step {
  readonly as?: string;
  readonly on?: string;
  readonly call: string;
  /** Tagged values, `{$file: name}`, `{$made: name}`, and `{$given: others, $under: others}`: the configuration between others. */
  readonly arguments: readonly unknown[];
}

/** What the arguments of steps may name. */
export interface StepWorld {
  /** What the package exports. */
  readonly exported: Readonly<Record<string, unknown>>;
  /** What earlier steps made. */
  readonly made: Map<string, unknown>;
  /** Files by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly given: Readonly<Record<string, unknown>>;
}

/** What steps put over a configuration, by key. */
export function coveredBy(steps: readonly Step[]): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const { arguments: given } of steps)
    for (const each of given)
      if (typeof each === "object" && each !== null && "$under" in each) Object.assign(found, each.$under);
  return found;
}

/** Runs steps in their order. Whatever a call throws goes through. */
export async function runSteps(steps: readonly Step[], world: StepWorld): Promise<void> {
  for (const step of steps) {
    const target = step.on === undefined ? world.exported : world.made.get(step.on);
    const found = (target as Readonly<Record<string, unknown>>)[step.call];
    if (typeof found !== "function") throw new TypeError(`${step.on ?? "the package"} has no function ${step.call}`);
    const result: unknown = await Reflect.apply(
      found,
      target,
      step.arguments.map((each) => argument(each, world)),
    );
    if (step.as !== undefined) world.made.set(step.as, result);
  }
}

function argument(written: unknown, world: StepWorld): unknown {
  if (written === null || typeof written !== "object") return written;
  if (Array.isArray(written)) return written.map((each) => argument(each, world));
  const object = written as Readonly<Record<string, unknown>>;
  if ("$made" in object) return world.made.get(String(object["$made"]));
  if ("$file" in object) return world.files[String(object["$file"])];
  if ("$given" in object || "$under" in object) {
    const [before, after] = ["$given", "$under"].map((key) => argument(object[key] ?? {}, world) as object);
    return { ...before, ...world.given, ...after };
  }
  if ("$py" in object) return decoded(object);
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, argument(value, world)]));
}

/** The value at a dotted path from what steps made; undefined where a part is missing. */
export function valueAt(path: string, made: ReadonlyMap<string, unknown>): unknown {
  const [root = "", ...names] = path.split(".");
  return names.reduce<unknown>(
    (value, name) =>
      value === null || value === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[name],
    made.get(root),
  );
}

/** Puts a value to a dotted path beneath what steps made. */
export function putAt(path: string, value: unknown, made: ReadonlyMap<string, unknown>): void {
  const end = path.lastIndexOf(".");
  const holder = valueAt(path.slice(0, end), made);
  if (typeof holder === "object" && holder !== null) Reflect.set(holder, path.slice(end + 1), value);
}
