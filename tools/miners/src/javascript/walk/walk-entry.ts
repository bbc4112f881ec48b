import { readsOf, type Expr } from "@lem/config/invariants";
import { and, effectiveValue } from "../../walk/expr/conditions.ts";
import { constant, FALSE, TRUE } from "../../walk/expr/intern.ts";
import { apply, choose, field, typed, unknown } from "../../walk/expr/terms.ts";
import { methodOf } from "../package-index.ts";
import type { OptionsTarget } from "../target.ts";
import { call, callbacks, construct, invoke } from "./calls.ts";
import { evaluate } from "./expressions.ts";
import type { LiveBook } from "./live-book.ts";
import { asFunction, member } from "./members.ts";
import { bind } from "./patterns.ts";
import { Recorder } from "./recorder.ts";
import { once } from "./once.ts";
import { open, truthy } from "./semantics.ts";
import { valueOfJson } from "./stand-ins.ts";
import { State } from "./state.ts";
import { run } from "./statements.ts";
import { merged, whether, type Data, type Value, type Scope } from "./value.ts";
import type { At, Frame, Walk } from "./walk.ts";

/** What a walk of one kind of options came to. */
export interface WalkedOptions {
  readonly recorder: Recorder;
  /** What the engine holds in the end, by field, where the program says so. */
  readonly effective: Readonly<Record<string, Expr>>;
}

/** Steps after which a walk gives up. */
const BUDGET = 200_000;

/** Walks what the engine does with options. Undefined where the function that takes them is not there. */
export function walkOptions(
  { index, contracts, stands, keys }: Pick<Walk, "index" | "contracts" | "stands" | "keys">,
  target: OptionsTarget,
  live: LiveBook,
): WalkedOptions | undefined {
  const { path, cls: name, method, self, arguments: given, result } = target.walk;
  const found = index.module(`${index.tree.origin.package}/${path}`)?.find(name);
  if (found?.kind !== "class") return undefined;
  const node =
    methodOf(found.cls, method, ["method"], self === null) ?? methodOf(found.cls, method, ["method"], self !== null);
  if (node === undefined) return undefined;
  const walk = openWalk({ index, contracts, stands, keys, given: new Set(target.without), live });
  const state = new State();
  const scope: Scope = { names: new Map(), parent: undefined };
  const frame: Frame = {
    module: found.cls.module,
    qualname: "",
    owner: undefined,
    self: undefined,
    scope,
    returned: [],
    since: 0,
  };
  const at: At = { state, frame };
  const owner: Value = self === null ? { kind: "class", cls: found.cls } : { kind: "live", path: self };
  const args = given.map((each) => valueOfJson(walk, each, at));
  const made = invoke(walk, asFunction(found.cls, node, owner), args, at);
  walk.recorder.settle();
  return {
    recorder: walk.recorder,
    effective: effectiveOf(walk, made, { at, result, observe: target.recipe.observe }),
  };
}

interface Wanted {
  readonly at: At;
  /** The name under which the recipe knows what the walked function gives. */
  readonly result: string | null;
  readonly observe: Readonly<Record<string, string>>;
}

function effectiveOf(walk: Walk, made: Value, { at, result, observe }: Wanted): Readonly<Record<string, Expr>> {
  walk.recorder.caught += 1;
  const found = Object.entries(observe).flatMap(([name, path]) => {
    const [root, ...names] = path.split(".");
    if (root !== result || result === null) return [];
    const end = names.reduce((of, each) => member(walk, of, each, [at.frame.module.body[0] as never, at]), made);
    const expr = effectiveValue(asGiven(name, walk.dataOf(end)));
    return expr.op === "unknown" || !readsOf(expr).fields.includes(name) ? [] : [[name, expr] as const];
  });
  walk.recorder.caught -= 1;
  return Object.fromEntries(found);
}

/** A number is what was given where the two are equal, else an int where it is whole: JavaScript does not tell 2 from 2.0. */
function asGiven(name: string, { expr, js }: Data): Expr {
  if (js !== "number") return expr;
  const given = field(name);
  const isNumber: Expr = { op: "exactType", of: given, classes: ["int", "float"] };
  return once([expr], ([value = expr]) => {
    const isWhole = and(typed(value, ["float"], true), apply("eq", value, apply("floordiv", value, constant(1))));
    return choose(and(isNumber, apply("eq", given, value)), given, choose(isWhole, apply("int", value), value));
  });
}

function openWalk(given: Pick<Walk, "index" | "contracts" | "stands" | "live" | "keys" | "given">): Walk {
  let numbers = 0;
  const walk: Walk = {
    ...given,
    recorder: new Recorder(),
    stack: [],
    loops: [],
    budget: BUDGET,
    newId: () => (numbers += 1),
    evaluate: (node, at) => evaluate(walk, node, at),
    run: (block, at) => run(walk, block, at),
    call: (callee, args, node, at) => call(walk, callee, args, [node, at]),
    construct: (cls, args, at) => construct(walk, cls, args, at),
    member: (of, name, node, at) => member(walk, of, name, [node, at]),
    bind: (pattern, value, at) => bind(walk, pattern, value, at),
    callbacks: (args, at) => callbacks(walk, args, at),
    invoke: (fn, args, at) => invoke(walk, fn, args, at),
    dataOf: (value) => dataOf(walk, value),
    truth: (value) => truthOf(walk, value),
    newObject: ({ state }, object = {}) => {
      const id = walk.newId();
      state.heap.set(id, {
        properties: new Map(),
        spread: [],
        cls: undefined,
        native: undefined,
        isList: false,
        ...object,
      });
      return { kind: "object", id };
    },
  };
  return walk;
}

function dataOf(walk: Walk, value: Value): Data {
  switch (value.kind) {
    case "data":
      return value;
    case "live":
      return walk.live.data(value.path);
    case "choice": {
      const [yes, no] = [dataOf(walk, value.yes), dataOf(walk, value.no)];
      return merged(value.test, yes, no);
    }
    case "opaque":
      return open(value.what);
    default:
      return { kind: "data", expr: unknown(`a ${value.kind}`), missing: FALSE, js: undefined };
  }
}

const truthOf = (walk: Walk, value: Value): Expr =>
  whether(value, (one) => {
    if (one.kind === "data") return truthy(one);
    if (one.kind === "live") return walk.live.isThing(one.path) ? TRUE : liveTruth(walk, one.path);
    return /^(object|input|function|class)$/.test(one.kind) ? TRUE : unknown(`the truth of a ${one.kind}`);
  });

function liveTruth(walk: Walk, path: string): Expr {
  const found = walk.live.data(path);
  return found.expr === constant(null) ? FALSE : truthy(found);
}
