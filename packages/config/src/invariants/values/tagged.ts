import { LemError, type JsonValue } from "@lem/domain";
import { isFault } from "../outcome.ts";
import { makeDict, makeSet } from "./equality.ts";
import { floatText, parseFloatText } from "./float-text.ts";
import { float, int, list, tuple, type PyObject, type PyValue } from "./value.ts";

const MAX_DEPTH = 200;

/**
 * A value from its JSON form. A number without fraction is an int, one with a fraction a float, an array a list and an
 * object a dict; all else is `{"$py": type, "value": ...}` with type float (Python's repr, nan, inf, -inf), int (decimal
 * digits), tuple, list, set, frozenset (arrays), bytes (base64), dict (pairs) or object (`class`, `mro`, `attributes`).
 * @throws LemError `config.wrong-type` for anything else
 */
export function decodeValue(json: unknown, depth = 0): PyValue {
  if (depth > MAX_DEPTH) throw bad("a value is nested too deeply");
  if (json === null || typeof json === "boolean" || typeof json === "string") return json;
  if (typeof json === "bigint") return int(json);
  if (typeof json === "number") return decodeNumber(json);
  if (Array.isArray(json)) return list(json.map((item) => decodeValue(item, depth + 1)));
  if (typeof json !== "object") throw bad(`${typeof json} is no value of a configuration`);
  const fields = json as Readonly<Record<string, unknown>>;
  if ("$py" in fields) return decodeTagged(fields, depth);
  return sound(makeDict(Object.entries(fields).map(([key, value]) => [key, decodeValue(value, depth + 1)])));
}

const bad = (message: string): LemError => new LemError("config.wrong-type", message);

function decodeNumber(value: number): PyValue {
  if (!Number.isInteger(value) || Object.is(value, -0)) return float(value);
  return int(BigInt(value));
}

const sound = <T extends PyValue>(made: T | { readonly type: "unknown" | "raises" }): T => {
  if (isFault(made as PyValue)) throw bad("an element that cannot be a key (NaN, list, set, dict) stands as one");
  return made as T;
};

function decodeTagged(fields: Readonly<Record<string, unknown>>, depth: number): PyValue {
  const extra = Object.keys(fields).find((key) => key !== "$py" && key !== "value");
  if (extra !== undefined) throw bad(`a tagged value has $py and value, not ${JSON.stringify(extra)}`);
  const type = String(fields["$py"]);
  const decode = Object.hasOwn(DECODERS, type) ? DECODERS[type] : undefined;
  if (decode === undefined) throw bad(`no Python type ${JSON.stringify(type)} can be given`);
  return decode(fields["value"], depth);
}

const DECODERS: Readonly<Record<string, (value: unknown, depth: number) => PyValue>> = {
  float: decodeFloat,
  int: decodeInt,
  list: (value, depth) => list(decodeItems(value, depth)),
  tuple: (value, depth) => tuple(decodeItems(value, depth)),
  set: (value, depth) => sound(makeSet(decodeItems(value, depth))),
  frozenset: (value, depth) => sound(makeSet(decodeItems(value, depth), "frozenset")),
  bytes: decodeBytes,
  dict: decodePairs,
  object: decodeObject,
};

function decodeFloat(value: unknown): PyValue {
  const number = typeof value === "string" ? parseFloatText(value) : value;
  if (typeof number !== "number") throw bad(`${JSON.stringify(value)} is no float`);
  return float(number);
}

function decodeInt(value: unknown): PyValue {
  if (typeof value !== "string" || !/^-?\d{1,20000}$/.test(value)) throw bad("an int is given as decimal digits");
  return int(BigInt(value));
}

function decodeBytes(value: unknown): PyValue {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw bad("bytes are given in base64");
  return { type: "bytes", value: atob(value) };
}

function decodeItems(value: unknown, depth: number): readonly PyValue[] {
  if (!Array.isArray(value)) throw bad("the elements of a sequence or set are given as an array");
  return value.map((item) => decodeValue(item, depth + 1));
}

function decodePairs(value: unknown, depth: number): PyValue {
  if (!Array.isArray(value)) throw bad("a dict is given as a list of pairs");
  const pairs = value.map((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw bad("a dict is given as a list of pairs");
    return [decodeValue(pair[0], depth + 1), decodeValue(pair[1], depth + 1)] as const;
  });
  return sound(makeDict(pairs));
}

function decodeObject(value: unknown, depth: number): PyObject {
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { class: className, mro = [className], attributes = {} } = fields;
  if (typeof className !== "string" || !Array.isArray(mro) || !mro.every((name) => typeof name === "string"))
    throw bad("an object is given with class, mro and attributes");
  const known = Object.entries(attributes as object).map(
    ([name, inner]) => [name, decodeValue(inner, depth + 1)] as const,
  );
  return { type: "object", className, mro, attributes: new Map(known) };
}

/** The JSON form of a value; {@link decodeValue} reads it back. Floats are always tagged, so that 1.0 stays one. */
export const encodeValue = (value: PyValue): JsonValue => encode(value, false);

/** {@link encodeValue} with every dict as pairs, for places where a plain object means something else. */
export const encodeLiteral = (value: PyValue): JsonValue => encode(value, true);

function encode(value: PyValue, tagDicts: boolean): JsonValue {
  const inner = (item: PyValue): JsonValue => encode(item, tagDicts);
  if (value === null || typeof value !== "object")
    return typeof value === "bigint" ? tagged("int", String(value)) : value;
  if (value.type === "float") return tagged("float", floatText(value.value));
  if (value.type === "bytes") return tagged("bytes", btoa(value.value));
  if (value.type === "list" && "items" in value) return value.items.map(inner);
  if (value.type === "dict") return encodeDict([...value.index.values()], tagDicts);
  if (value.type === "object") return encodeObject(value);
  const items = "items" in value ? value.items : [...value.index.values()];
  return tagged(value.type, items.map(inner));
}

const tagged = (type: string, value: JsonValue): JsonValue => ({ $py: type, value });

/** Keys that JavaScript's objects would reorder or take for something else. */
const UNPLAIN_KEY = /^(?:\d+|\$py|__proto__)$/;

function encodeDict(pairs: readonly (readonly [PyValue, PyValue])[], tagDicts: boolean): JsonValue {
  const inner = (item: PyValue): JsonValue => encode(item, tagDicts);
  const plain = !tagDicts && pairs.every(([key]) => typeof key === "string" && !UNPLAIN_KEY.test(key));
  if (plain) return Object.fromEntries(pairs.map(([key, value]) => [key, inner(value)]));
  return tagged(
    "dict",
    pairs.map(([key, value]) => [inner(key), inner(value)]),
  );
}

const encodeObject = ({ className, mro, attributes }: PyObject): JsonValue =>
  tagged("object", {
    class: className,
    mro: [...mro],
    attributes: Object.fromEntries([...attributes].map(([name, value]) => [name, encodeValue(value)])),
  });
