import { canonicalJson, type JsonObject, type JsonValue } from "@lem/domain";
import type { ClassSchema, ClassSchemas, ParameterOfClass } from "../../parameters/class-schema.ts";

/** A keyword of a class. */
export interface NamedParameter {
  readonly entry: string;
  readonly name: string;
}

/** A keyword of which something is another than before; undefined where nothing is stated. */
export interface ChangedParameter<T> extends NamedParameter {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** How the keywords of an engine's classes differ between two versions. */
export interface ParametersDiff {
  readonly classes: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly added: readonly (NamedParameter & ParameterOfClass)[];
  readonly removed: readonly NamedParameter[];
  readonly defaults: readonly ChangedParameter<JsonValue>[];
  /** What a keyword admits. */
  readonly types: readonly ChangedParameter<JsonObject>[];
}

/** Compares the keywords of classes; those of a class that only one version has are not listed one by one. */
export function diffParameters(older: ClassSchemas, newer: ClassSchemas): ParametersDiff {
  const before = Object.keys(older.classes);
  const after = Object.keys(newer.classes);
  const shared = after.filter((name) => Object.hasOwn(older.classes, name));
  const parts = shared.map((entry) =>
    diffClass(entry, older.classes[entry] as ClassSchema, newer.classes[entry] as ClassSchema),
  );
  return {
    classes: {
      added: after.filter((name) => !Object.hasOwn(older.classes, name)),
      removed: before.filter((name) => !Object.hasOwn(newer.classes, name)),
    },
    added: parts.flatMap(({ added }) => added),
    removed: parts.flatMap(({ removed }) => removed),
    defaults: parts.flatMap(({ defaults }) => defaults),
    types: parts.flatMap(({ types }) => types),
  };
}

function diffClass(entry: string, older: ClassSchema, newer: ClassSchema): Omit<ParametersDiff, "classes"> {
  const named = (of: ClassSchema): readonly string[] => Object.keys(of.parameters);
  const both = named(newer).flatMap((name) => {
    const [before, after] = [older.parameters[name], newer.parameters[name]];
    return before === undefined || after === undefined ? [] : [{ entry, name, before, after }];
  });
  return {
    added: Object.entries(newer.parameters)
      .filter(([name]) => !Object.hasOwn(older.parameters, name))
      .map(([name, parameter]) => ({ entry, name, ...parameter })),
    removed: named(older)
      .filter((name) => !Object.hasOwn(newer.parameters, name))
      .map((name) => ({ entry, name })),
    defaults: both
      .filter(({ before, after }) => differ(before.default, after.default))
      .map(({ before, after, ...which }) => ({ ...which, before: before.default, after: after.default })),
    types: both
      .filter(({ before, after }) => differ(before.schema, after.schema))
      .map(({ before, after, ...which }) => ({ ...which, before: before.schema, after: after.schema })),
  };
}

const differ = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  (a === undefined) !== (b === undefined) ||
  (a !== undefined && b !== undefined && canonicalJson(a) !== canonicalJson(b));
