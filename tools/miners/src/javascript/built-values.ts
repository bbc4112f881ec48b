import { decodeValue, list, type PyValue } from "@lem/config/invariants";
import { dictOf } from "../prove/sample-values.ts";
import type { Shape } from "../probe/description.ts";
import type { DeclaredKey } from "./declarations.ts";

/** Values of any key of an object, besides one of its type. */
const ODD: readonly PyValue[] = [0, 1, -1, { type: "float", value: 0.5 }, "x", true, null, list([])];

/** By key, objects with all keys that its type declares, and one of them, or all but one, of other values. */
export function builtValues(keys: readonly DeclaredKey[]): ReadonlyMap<string, readonly PyValue[]> {
  const withParts = keys.filter(({ nested }) => nested.length > 0);
  return new Map(withParts.map(({ name, nested }) => [name, objectsOf(nested)]));
}

function objectsOf(nested: readonly DeclaredKey[]): readonly PyValue[] {
  const usual = nested.map(({ name, shape }) => [name, usualOf(shape)] as const);
  return nested.flatMap(({ name, shape }) =>
    [usualOf(shape), ...ODD, ...oddItems(shape)].flatMap((value) => [
      objectOf([[name, value]]),
      objectOf([...usual.filter(([other]) => other !== name), [name, value]]),
    ]),
  );
}

/** Lists with an item of another type. */
const oddItems = (shape: Shape): readonly PyValue[] =>
  shape.type === "list"
    ? [list([1]), list(["x"]), list([null]), list([null, null]), list([usualOf(shape.items), null]), list([null, 1])]
    : [];

function usualOf(shape: Shape): PyValue {
  switch (shape.type) {
    case "union":
      return shape.of[0] === undefined ? null : usualOf(shape.of[0]);
    case "literal":
      return shape.values[0] === undefined ? null : decodeValue(shape.values[0]);
    case "bool":
      return true;
    case "str":
      return "a";
    case "list":
      return list([usualOf(shape.items)]);
    case "dict":
      return objectOf([]);
    default:
      return 1;
  }
}

function objectOf(pairs: readonly (readonly [string, PyValue])[]): PyValue {
  const [first, ...rest] = pairs;
  if (first === undefined) return decodeValue({ $py: "dict", value: [] });
  const made = dictOf(first[0], first[1]);
  return rest.length === 0 || made === null || typeof made !== "object" || made.type !== "dict"
    ? made
    : { type: "dict", index: new Map([...made.index, ...rest.flatMap(([key, value]) => entriesOf(key, value))]) };
}

function entriesOf(key: string, value: PyValue): readonly (readonly [string, readonly [PyValue, PyValue]])[] {
  const made = dictOf(key, value);
  return made !== null && typeof made === "object" && made.type === "dict" ? [...made.index] : [];
}
