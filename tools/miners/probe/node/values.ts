/** Tagged values of the probe's protocol, as plain JavaScript and back. */

/** A value that JavaScript has no form of. */
export class NoSuchValue extends Error {}

interface Tag {
  readonly $py: string;
  readonly value: unknown;
}

const isTag = (value: object): value is Tag => "$py" in value;

/** The value that a program in JavaScript would be given. Ints become numbers, as they do on their way through JSON. */
export function decoded(tagged: unknown): unknown {
  if (tagged === null || typeof tagged !== "object") return tagged;
  if (Array.isArray(tagged)) return tagged.map(decoded);
  if (!isTag(tagged)) return fromPairs(Object.entries(tagged));
  switch (tagged.$py) {
    case "int":
      return Number(tagged.value);
    case "float":
      return numberOf(String(tagged.value));
    case "dict":
      return fromPairs(tagged.value as readonly (readonly [unknown, unknown])[]);
    default:
      throw new NoSuchValue(`JavaScript has no ${tagged.$py}`);
  }
}

const WORDS: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity };

const numberOf = (text: string): number => WORDS[text] ?? Number(text);

function fromPairs(pairs: readonly (readonly [unknown, unknown])[]): object {
  const object: Record<string, unknown> = {};
  for (const [key, value] of pairs) {
    if (typeof key !== "string" && typeof key !== "number") throw new NoSuchValue("JavaScript has no such key");
    Object.defineProperty(object, String(key), {
      value: decoded(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

/** The tagged form of a value that an engine holds; undefined for functions, instances of classes and the like. */
export function encoded(value: unknown): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return encodedNumber(value);
  if (typeof value === "bigint") return { $py: "int", value: String(value) };
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return encodedItems(Array.from(value as Iterable<unknown>));
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const pairs = Object.entries(value).map(([key, item]) => [key, encoded(item)] as const);
  return pairs.some(([, item]) => item === undefined) ? undefined : { $py: "dict", value: pairs };
}

function encodedItems(items: readonly unknown[]): unknown {
  const all = items.map(encoded);
  return all.includes(undefined) ? undefined : all;
}

function encodedNumber(value: number): unknown {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
  if (Number.isInteger(value) && !Object.is(value, -0)) return { $py: "int", value: String(BigInt(value)) };
  const word = Number.isNaN(value) ? "nan" : value === Infinity ? "inf" : value === -Infinity ? "-inf" : undefined;
  return { $py: "float", value: word ?? (Object.is(value, -0) ? "-0.0" : String(value)) };
}

/** Whether a program in JavaScript could not tell two values apart; it knows one kind of number only. */
export function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b || Object.is(a, b);
  return JSON.stringify(encoded(a)) === JSON.stringify(encoded(b));
}

/** The same with a file for any text at a path; nothing is no name. */
export function withFile<T>(value: T, [name, ...rest]: readonly string[], file: string): T {
  if (name === undefined) return (typeof value === "string" && value !== "" ? file : value) as T;
  if (name === "*")
    return (Array.isArray(value) ? value.map((each) => withFile<unknown>(each, rest, file)) : value) as T;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return value;
  const held = value as Readonly<Record<string, unknown>>;
  return { ...value, [name]: withFile(held[name], rest, file) };
}
