import type { ClassOrder } from "../modules/class-order.ts";
import { keyOf } from "../modules/class-order.ts";
import type { ClassInfo } from "../modules/definitions.ts";
import type { ModuleIndex } from "../modules/module-index.ts";
import { methodsOf, type EntryClass, type EntryFamily, type Target } from "../targets/target.ts";
import { constructionOf } from "./construction.ts";
import type { Edge } from "./edges.ts";
import type { EntryPoint } from "./reach.ts";

/** The functions that a target's classes start with; property setters count, since users may store later. */
export function entryPoints(target: Target, index: ModuleIndex, order: ClassOrder): readonly EntryPoint[] {
  return entryClasses(target, index, order).flatMap(({ name, calls, within }) => {
    const cls = index.find(name);
    return cls?.kind === "class" ? [{ name, starts: startsOf(cls, methodsOf(calls), order), within }] : [];
  });
}

/** A target's classes, and those of its families that the source has; one that has a name of its own goes by that. */
export function entryClasses(target: Target, index: ModuleIndex, order: ClassOrder): readonly EntryClass[] {
  const keyOfName = (name: string): string => {
    const found = index.find(name);
    return found?.kind === "class" ? keyOf(found) : name;
  };
  const named = new Set(target.families.length === 0 ? [] : target.classes.map(({ name }) => keyOfName(name)));
  const members = target.families.flatMap((family) => descendants(family, index, order));
  const classes = target.classes.filter(
    ({ name, optional }) => optional !== true || index.find(name)?.kind === "class",
  );
  return [...classes, ...members.filter(({ name }) => !named.has(keyOfName(name)))];
}

function startsOf(cls: ClassInfo, methods: readonly string[], order: ClassOrder): readonly Edge[] {
  const named = methods.flatMap((method) => order.methods(cls, method));
  const setters = order
    .of(cls)
    .flatMap((each) => (each.kind === "class" ? each.methods.filter(({ role }) => role === "setter") : []));
  return [...constructionOf(cls, order), ...named, ...setters].map((fn) => ({ fn, self: cls }));
}

function descendants(family: EntryFamily, index: ModuleIndex, order: ClassOrder): readonly EntryClass[] {
  const base = index.find(family.base);
  const module = index.module(family.module);
  if (base?.kind !== "class" || module === undefined) return [];
  const classes = [...module.bindings.values()]
    .filter((binding) => binding.kind === "class")
    .filter(({ qualname }) => !qualname.startsWith("_") && !family.except.includes(qualname));
  return classes
    .filter((cls) => keyOf(cls) !== keyOf(base) && order.of(cls).some((each) => keyOf(each) === keyOf(base)))
    .map((cls) => ({ name: publicName(cls, family, index), calls: family.calls }));
}

/** As users import it: by the family's public package where that names it. Star imports would read the whole package. */
function publicName(cls: ClassInfo, family: EntryFamily, index: ModuleIndex): string {
  const binding = index.module(family.public)?.bindings.get(cls.qualname);
  const exported = binding === undefined ? undefined : index.follow(binding);
  const isSame = exported?.kind === "class" && keyOf(exported) === keyOf(cls);
  return `${isSame ? family.public : family.module}.${cls.qualname}`;
}
