import { not } from "../../walk/expr/conditions.ts";
import { FALSE, isConstant, TRUE } from "../../walk/expr/intern.ts";
import type { Located } from "../syntax.ts";
import { extreme, floor } from "./arithmetic.ts";
import { isFinite, toNumber } from "./numbers.ts";
import { isA, isList, open, truth, data } from "./semantics.ts";
import { opaque, whether, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

type Foreign = (walk: Walk, args: readonly Value[], at: readonly [Located, At]) => Value;

const first = (walk: Walk, [value]: readonly Value[]) => walk.dataOf(value ?? opaque("nothing"));

/** Functions of the language whose results matter. */
const FUNCTIONS: Readonly<Record<string, Foreign>> = {
  "Math.floor": (walk, args) => floor(first(walk, args)),
  "Math.max": (walk, args) =>
    extreme(
      "max",
      args.map((each) => walk.dataOf(each)),
    ),
  "Math.min": (walk, args) =>
    extreme(
      "min",
      args.map((each) => walk.dataOf(each)),
    ),
  Number: (walk, args) => data(toNumber(first(walk, args)), "number"),
  Boolean: (walk, args) => truth(args[0] === undefined ? FALSE : walk.truth(args[0])),
  String: () => open("a text made of a value", "string"),
  "Number.isFinite": (walk, args) => truth(isFinite(first(walk, args))),
  "Number.isInteger": () => open("whether a number is whole", "boolean"),
  "Array.isArray": (walk, args) => truth(isList(first(walk, args))),
  "Object.freeze": (_, [value = opaque("nothing")]) => value,
  "Object.assign": assigned,
  "Object.hasOwn": () => open("whether an object has a key", "boolean"),
  "Promise.all": (_, [value = opaque("nothing")]) => value,
  "Promise.resolve": (_, [value = opaque("nothing")]) => value,
  "Date.now": () => open("the time", "number"),
  "Uint32Array.from": (walk, args, at) => madeFrom(walk, args, at),
  WeakRef: weakReference,
  "path.resolve": pathOf,
  "path.join": pathOf,
};

/** A function of the language, or of another package. */
export function callForeign(walk: Walk, spelled: string, args: readonly Value[], at: readonly [Located, At]): Value {
  const name = spelled.replace(/^node:/, "").replace(/^(\w+)\.(?:default|\*)\./, "$1.");
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known !== undefined) return known(walk, args, at);
  if (name.startsWith("Math.")) return open(name, "number");
  return walk.callbacks(args, at[1]);
}

/** A copy of an object. */
function assigned(walk: Walk, [, from]: readonly Value[], [, at]: readonly [Located, At]): Value {
  if (from?.kind !== "object") return from ?? opaque("nothing");
  const object = at.state.heap.get(from.id);
  return object === undefined ? opaque("an object of another line") : walk.newObject(at, object);
}

/** Only null and undefined cannot be gone through: a number has no items. */
function madeFrom(walk: Walk, [of]: readonly Value[], [node, { state, frame }]: readonly [Located, At]): Value {
  const when = of === undefined ? FALSE : whether(of, (one) => (one.kind === "data" ? nothing(one) : FALSE));
  if (when !== FALSE) refuse(walk, when, [node, { state, frame }]);
  return walk.newObject({ state, frame }, { isList: true });
}

const nothing = (of: Parameters<typeof isA>[0]): typeof FALSE => of.missing;

/** Only texts are parts of a path. */
function pathOf(walk: Walk, args: readonly Value[], at: readonly [Located, At]): Value {
  for (const arg of args) {
    const when = whether(arg, (one) => (one.kind === "data" ? not(isA(one, "string")) : isOther(one) ? TRUE : FALSE));
    if (when !== FALSE) refuse(walk, when, at);
  }
  return open("a path", "string");
}

const isOther = ({ kind }: Value): boolean => kind === "object" || kind === "function" || kind === "class";

/** A reference that does not hold its object needs one. */
function weakReference(walk: Walk, [of]: readonly Value[], at: readonly [Located, At]): Value {
  const when = of === undefined ? FALSE : whether(of, (one) => (one.kind === "data" ? notObject(one) : FALSE));
  if (when !== FALSE) refuse(walk, when, at);
  return opaque("a weak reference");
}

const notObject = (of: Parameters<typeof isA>[0]): typeof FALSE => (isConstant(of.expr) ? of.missing : primitive(of));

const primitive = (of: Parameters<typeof isA>[0]): typeof FALSE => ({
  op: "any",
  args: [isA(of, "number"), isA(of, "string"), isA(of, "boolean"), { op: "is", of: of.expr, value: null }],
});

function refuse(walk: Walk, when: typeof FALSE, [node, { state, frame }]: readonly [Located, At]): void {
  walk.recorder.refuse(
    {
      node,
      path: frame.module.path,
      qualname: frame.qualname,
      kind: "implicit",
      operator: "builtin",
      exception: "TypeError",
      when,
      depth: walk.stack.length,
    },
    state.condition,
  );
}
