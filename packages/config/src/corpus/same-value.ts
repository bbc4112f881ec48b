import type { PyDict, PyObject, PySequence, PySet, PyValue } from "../invariants/index.ts";

type Box = Extract<PyValue, { readonly type: string }>;
type BoxOf<T extends Box["type"]> = Extract<Box, { readonly type: T }>;

const isBox = (value: PyValue): value is Box => value !== null && typeof value === "object";

/** Whether two values are the same to a reader: equal and of the same types throughout, so that 1 is not True or 1.0. */
export function sameValue(a: PyValue, b: PyValue): boolean {
  if (!isBox(a) || !isBox(b)) return a === b;
  return a.type === b.type && (SAME[a.type] as (a: Box, b: Box) => boolean)(a, b);
}

const sameSequence = (a: PySequence, b: PySequence): boolean =>
  a.items.length === b.items.length && a.items.every((item, index) => sameValue(item, b.items[index] ?? null));

const sameSet = (a: PySet, b: PySet): boolean => sameMap(a.index, b.index, sameValue);

const sameDict = (a: PyDict, b: PyDict): boolean =>
  sameMap(a.index, b.index, (left, right) => sameValue(left[0], right[0]) && sameValue(left[1], right[1]));

const sameObject = (a: PyObject, b: PyObject): boolean =>
  a.className === b.className && sameMap(a.attributes, b.attributes, sameValue);

const SAME: { readonly [T in Box["type"]]: (a: BoxOf<T>, b: BoxOf<T>) => boolean } = {
  float: (a, b) => a.value === b.value || (Number.isNaN(a.value) && Number.isNaN(b.value)),
  bytes: (a, b) => a.value === b.value,
  list: sameSequence,
  tuple: sameSequence,
  set: sameSet,
  frozenset: sameSet,
  dict: sameDict,
  object: sameObject,
};

function sameMap<V>(a: ReadonlyMap<string, V>, b: ReadonlyMap<string, V>, same: (a: V, b: V) => boolean): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([key, value]) => {
    const other = b.get(key);
    return other !== undefined && same(value, other);
  });
}
