import { LemError } from "@lem/domain";
import type { ClassOrder } from "../modules/class-order.ts";
import type { ModuleIndex } from "../modules/module-index.ts";
import { methodsOf, type Target } from "../targets/target.ts";

/**
 * Makes sure that all that a target names exists, before anything is mined: an engine that moved its checks must not
 * look like one without checks.
 * @throws LemError `mine.landmark-missing` naming all that is missing
 */
export function checkLandmarks(target: Target, index: ModuleIndex, order: ClassOrder): void {
  const required = target.classes.filter(({ optional }) => optional !== true);
  const classes = required.flatMap(({ name, calls }) => [
    name,
    ...methodsOf(calls).map((method) => `${name}.${method}`),
  ]);
  const families = target.families.flatMap(({ base, module }) => [base, module]);
  const wanted = [...new Set([...classes, ...families, ...target.landmarks])];
  const missing = wanted.filter((name) => !exists(name, index, order));
  if (missing.length === 0) return;
  throw new LemError("mine.landmark-missing", `the source of ${target.engine} lacks ${missing.join(", ")}`, {
    hint: "look where they went, and mend the engine's file in tools/miners/targets",
    context: { missing },
  });
}

/** Inherited methods count. */
function exists(name: string, index: ModuleIndex, order: ClassOrder): boolean {
  const found = index.find(name);
  if (found !== undefined) return found.kind !== "foreign";
  const [holder, member] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf(".") + 1)];
  const cls = index.find(holder);
  return cls?.kind === "class" && order.methods(cls, member).length > 0;
}
