import type { ExprOf } from "../syntax/expressions.ts";
import { dataOf } from "./data.ts";
import { isEnum, memberByName } from "./enums.ts";
import { pathCondition, type State } from "./state.ts";
import { isConstant, TRUE } from "./expr/intern.ts";
import { apply, field, isSet, textOf } from "./expr/terms.ts";
import { not, or } from "./expr/conditions.ts";
import { branchValue } from "./merge.ts";
import { raise, raiseOf } from "./raising.ts";
import { data, untold, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

/** `value[key]`. */
export function subscript(walk: Walk, node: ExprOf<"Subscript">, state: State): Value {
  const of = walk.evaluate(node.value, state);
  if (!state.live) return untold("nothing");
  if (node.slice.kind === "Slice") return untold("a slice");
  const key = walk.evaluate(node.slice, state);
  return state.live ? itemOf(walk, [of, key], { node, state }) : untold("nothing");
}

/** One item of a value. */
export function itemOf(walk: Walk, [of, key]: readonly [Value, Value], at: At): Value {
  const { state } = at;
  switch (of.kind) {
    case "choice":
      return branchValue(
        state,
        of.test,
        (line) => itemOf(walk, [of.yes, key], { ...at, state: line }),
        (line) => itemOf(walk, [of.no, key], { ...at, state: line }),
      );
    case "class":
      return isEnum(walk, of.cls) ? memberByName(walk, of.cls, key, at) : of;
    case "container":
      return containerItem(walk, of.id, key, at);
    case "keywords":
      return keywordItem(walk, of.id, key, at);
    case "data": {
      const expr = apply("index", of.expr, dataOf(key, state));
      raiseOf(walk, at, expr);
      return data(expr);
    }
    default:
      return untold(`an item of a ${of.kind}`);
  }
}

function containerItem(walk: Walk, id: number, key: Value, at: At): Value {
  const { state } = at;
  const record = state.record("container", id);
  if (record === undefined || record.loose) return untold("an item of unknown entries");
  const wanted = dataOf(key, state);
  if (record.type !== "dict") {
    const place = isConstant(wanted) && typeof wanted.value === "number" ? wanted.value : undefined;
    const entry =
      place === undefined || record.entries.some(({ path }) => path.length > 0) ? undefined : record.entries.at(place);
    return entry?.value ?? untold("an item by place");
  }
  const hits = record.entries.map((entry) => ({
    entry,
    test: equalKey(dataOf(entry.key ?? entry.value, state), wanted, pathCondition(entry.path)),
  }));
  raise(walk, at, { exception: "KeyError", when: not(or(...hits.map(({ test }) => test))), kind: "implicit" });
  const [last, ...earlier] = hits.toReversed();
  if (last === undefined) return untold("an item of an empty mapping");
  return earlier.reduce<Value>(
    (value, { entry, test }) =>
      test === TRUE ? entry.value : { kind: "choice", test: not(test), yes: value, no: entry.value },
    last.entry.value,
  );
}

const equalKey = (
  a: ReturnType<typeof dataOf>,
  b: ReturnType<typeof dataOf>,
  when: ReturnType<typeof dataOf>,
): ReturnType<typeof dataOf> => (when === TRUE ? apply("eq", a, b) : { op: "all", args: [when, apply("eq", a, b)] });

function keywordItem(walk: Walk, id: number, key: Value, at: At): Value {
  const name = textOf(dataOf(key, at.state));
  const record = at.state.record("keywords", id);
  if (name === undefined || record === undefined) return untold("a keyword by name");
  raise(walk, at, { exception: "KeyError", when: not(record.presence.get(name) ?? isSet(name)), kind: "implicit" });
  return data(field(name));
}
