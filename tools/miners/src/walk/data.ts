import type { Expr as Predicate } from "@lem/config/invariants";
import { intern } from "./expr/intern.ts";
import { choose, display, fact, unknown } from "./expr/terms.ts";
import type { HeapRecord, State } from "./state.ts";
import { classNameOf, type MemberValue, type Value } from "./value.ts";

/** A value as an expression of the predicate language; unknown where it has no such form. */
export function dataOf(value: Value, state: State): Predicate {
  switch (value.kind) {
    case "data":
    case "size":
      return value.expr;
    case "choice":
      return choose(value.test, dataOf(value.yes, state), dataOf(value.no, state));
    case "member":
      return memberData(value);
    case "container":
      return containerData(state.record("container", value.id), state);
    case "object":
      return objectData(state.record("object", value.id), state);
    case "opaque":
      return objectOf(value.type);
    case "foreign":
      return fact(value.name);
    case "absent":
      return unknown("a name that is not bound");
    default:
      return unknown(`a ${value.kind}`);
  }
}

/** An object of which only the class is known. */
export const objectOf = (className: string): Predicate =>
  intern({ op: "const", value: { type: "object", className, mro: [className, "object"], attributes: new Map() } });

function memberData({ cls, name, value, mixed }: MemberValue): Predicate {
  if (mixed) return value;
  const className = classNameOf(cls);
  const attributes = new Map(value.op === "const" ? [["name", name] as const, ["value", value.value] as const] : []);
  return intern({ op: "const", value: { type: "object", className, mro: [className, "enum.Enum"], attributes } });
}

function containerData(record: Extract<HeapRecord, { kind: "container" }> | undefined, state: State): Predicate {
  if (record === undefined || record.loose || record.entries.some(({ path }) => path.length > 0))
    return unknown("a container that was filled under conditions");
  const items = record.entries.map(({ value }) => dataOf(value, state));
  if (record.type !== "dict") return display(record.type, items);
  const keys = record.entries.map(({ key }) => (key === null ? unknown("a key") : dataOf(key, state)));
  const pairs = keys.map((key, index) => [key, items[index]] as const);
  const index = new Map<string, readonly [never, never]>();
  for (const [key, item] of pairs) {
    if (key.op !== "const" || item?.op !== "const" || typeof key.value !== "string") return unknown("a mapping");
    index.set(`s${key.value}`, [key.value as never, item.value as never]);
  }
  return intern({ op: "const", value: { type: "dict", index } });
}

/** An object as data has its class alone, and those attributes that are constants. */
function objectData(record: Extract<HeapRecord, { kind: "object" }> | undefined, state: State): Predicate {
  if (record === undefined) return unknown("an object");
  const className = classNameOf(record.cls);
  const attributes = new Map(
    [...record.attributes].flatMap(([name, value]) => {
      const expr = value.kind === "data" ? dataOf(value, state) : undefined;
      return expr?.op === "const" ? [[name, expr.value] as const] : [];
    }),
  );
  return intern({ op: "const", value: { type: "object", className, mro: [className], attributes } });
}
