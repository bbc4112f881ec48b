import { LemError, type JsonObject, type JsonValue } from "@lem/domain";

/** Reads the keys of a config.json; a key of the wrong type is `flops.unknown-shape`, never a guess. */
export interface ConfigFields {
  readonly modelType: string;
  /** A whole number >= 1 under the first of the names that is set; `fallback` is the config class's default. */
  count(names: string | readonly string[], fallback: number): number;
  /** As {@link count}, where `null` or an absent key means something of its own. */
  countOrNull(name: string): number | null;
  /** A whole number >= 0. */
  wholeNumber(names: string | readonly string[], fallback: number): number;
  flag(name: string, fallback: boolean): boolean;
  /** A list of strings or whole numbers, or `null`. */
  list(name: string): readonly (string | number)[] | null;
  /** True when the key stands in the file, be it as `null`. */
  isWritten(name: string): boolean;
  /** Names whose default was taken although they decide the size of the model. */
  readonly defaulted: ReadonlySet<string>;
}

/** Wraps a config.json of one model type. */
export function configFields(config: JsonObject, modelType: string): ConfigFields {
  const defaulted = new Set<string>();
  const get = (name: string): JsonValue => config[name] ?? null;
  const countOrNull = (name: string): number | null => {
    const value = get(name);
    if (value === null || (typeof value === "number" && Number.isSafeInteger(value) && value >= 1)) return value;
    throw wrong(name, value, "a whole number from 1 on");
  };
  return {
    modelType,
    defaulted,
    countOrNull,
    count(names, fallback) {
      const tried = namesOf(names);
      for (const name of tried) {
        const value = countOrNull(name);
        if (value !== null) return value;
      }
      defaulted.add(tried[0] ?? "");
      return fallback;
    },
    wholeNumber(names, fallback) {
      const name = namesOf(names).find((one) => get(one) !== null) ?? "";
      const value = get(name) ?? fallback;
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
      throw wrong(name, value, "a whole number from 0 on");
    },
    flag(name, fallback) {
      const value = get(name) ?? fallback;
      if (typeof value !== "boolean") throw wrong(name, value, "true or false");
      return value;
    },
    list(name) {
      const value = get(name);
      if (value === null || isPlainList(value)) return value;
      throw wrong(name, value, "a list");
    },
    isWritten: (name) => Object.hasOwn(config, name),
  };
}

const namesOf = (names: string | readonly string[]): readonly string[] => (typeof names === "string" ? [names] : names);

const isPlainList = (value: JsonValue): value is readonly (string | number)[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string" || typeof item === "number");

/** The error of a key whose value cannot be a shape. */
export const wrong = (name: string, value: JsonValue, wanted: string): LemError =>
  new LemError("flops.unknown-shape", `"${name}" is ${JSON.stringify(value)}, expected ${wanted}`, {
    hint: "check the model's config.json",
    place: { path: name },
  });
