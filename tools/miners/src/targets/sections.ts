import type { ModuleIndex } from "../modules/module-index.ts";
import { keyOf, type ClassOrder } from "../modules/class-order.ts";
import type { SectionChoice, Target } from "./target.ts";

/** The class that a section's keywords go to, or the classes among which the value of a key picks one. */
export type SectionEntries = string | { readonly key: string; readonly entries: Readonly<Record<string, string>> };

/** A target's sections, with the dicts that they name read from the source; classes that are no entry are left out. */
export function sectionsOf(
  target: Target,
  entries: readonly string[],
  knowledge: { readonly index: ModuleIndex; readonly order: ClassOrder },
): Readonly<Record<string, SectionEntries>> {
  const byClass = new Map(entries.flatMap((name) => pairIfClass(name, knowledge.index)));
  return Object.fromEntries(
    Object.entries(target.sections).map(([section, held]) => {
      if (typeof held === "string") return [section, held];
      const found = { ...mapped(held, byClass, knowledge), ...held.entries };
      return [section, { key: held.key, entries: found }];
    }),
  );
}

function pairIfClass(name: string, index: ModuleIndex): readonly (readonly [string, string])[] {
  const found = index.find(name);
  return found?.kind === "class" ? [[keyOf(found), name]] : [];
}

function mapped(
  { mapping }: SectionChoice,
  byClass: ReadonlyMap<string, string>,
  { index, order }: { readonly index: ModuleIndex; readonly order: ClassOrder },
): Readonly<Record<string, string>> {
  const dict = mapping === null ? undefined : index.find(mapping);
  if (dict?.kind !== "constant" || dict.value?.kind !== "Dict") return {};
  const { keys, values } = dict.value;
  const pairs = keys.flatMap((key, place) => {
    const value = values[place];
    if (key?.kind !== "Constant" || key.literal.type !== "str" || value === undefined) return [];
    const cls = order.resolve(value, dict.module);
    const entry = cls?.kind === "class" ? byClass.get(keyOf(cls)) : undefined;
    return entry === undefined ? [] : [[key.literal.value, entry] as const];
  });
  return Object.fromEntries(pairs);
}
