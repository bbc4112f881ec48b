import { keyOf } from "../modules/class-order.ts";
import { lastName } from "../modules/bindings.ts";
import type { ClassInfo, Constant, Definition } from "../modules/definitions.ts";
import type { Expr, ExprOf } from "../syntax/expressions.ts";
import { bindArguments, type Slot } from "./arguments.ts";
import { NO_ARGUMENTS } from "./attributes.ts";
import { coerced } from "./coercion.ts";
import { moduleFrame } from "./state.ts";
import { data, untold, type Value, type ValueOf } from "./value.ts";
import { dataOf } from "./data.ts";
import type { Arguments, At, Walk } from "./walk.ts";

/** How the objects of a class are made when it has no constructor of its own. */
type Maker = "dataclass" | "pydantic" | "msgspec";

/** Makes an object: by the nearest constructor of its classes, written or generated. */
export function construct(walk: Walk, cls: ClassInfo, args: Arguments, at: At): Value {
  const id = walk.newId();
  at.state.heap.set(id, { kind: "object", cls, attributes: new Map(), opened: [] });
  const self: ValueOf<"object"> = { kind: "object", id };
  initialise(walk, self, cls, [args, at]);
  return self;
}

/** Runs the constructor on an object that is there already. */
export function initialise(
  walk: Walk,
  self: ValueOf<"object">,
  cls: ClassInfo,
  [args, at]: readonly [Arguments, At],
): void {
  for (const ancestor of walk.survey.order.of(cls)) {
    if (ancestor.kind === "foreign") continue;
    const written = ancestor.methods.find(({ node }) => node.name === "__init__");
    if (written !== undefined) return void walk.call({ kind: "bound", info: written, self }, args, at);
    const maker = makerOf(walk, ancestor);
    if (maker !== undefined) return generated(walk, self, [cls, ancestor, maker], [args, at]);
  }
  if (walk.survey.order.hasForeignAncestor(cls, /^(?!builtins\.object$|abc\.|typing\.|types\.)/))
    walk.recorder.give(at.node, `the constructor of ${cls.qualname}`);
}

function makerOf(walk: Walk, cls: ClassInfo): Maker | undefined {
  const { order } = walk.survey;
  if (order.hasForeignAncestor(cls, /^msgspec\./)) return "msgspec";
  if (order.hasForeignAncestor(cls, /^pydantic\./)) return "pydantic";
  return cls.node.decorators
    .map((decorator) => order.resolve(decorator.kind === "Call" ? decorator.func : decorator, cls.module))
    .map(makerBehind)
    .find((maker) => maker !== undefined);
}

/** What a decorator makes of a class; a function of the package that wraps pydantic's is known by its name alone. */
function makerBehind(decorator: Definition | undefined): Maker | undefined {
  if (decorator?.kind === "function") return /^(config|dataclass)$/.test(decorator.node.name) ? "pydantic" : undefined;
  if (decorator?.kind !== "foreign") return undefined;
  if (decorator.name === "dataclasses.dataclass") return "dataclass";
  return decorator.name.startsWith("pydantic.dataclasses.") ? "pydantic" : undefined;
}

interface Field {
  readonly slot: Slot;
  readonly isParameter: boolean;
  readonly annotation: Expr | null;
}

/** A constructor that takes the fields, stores them, and runs `__post_init__`. */
function generated(
  walk: Walk,
  self: ValueOf<"object">,
  [cls, owner, maker]: readonly [ClassInfo, ClassInfo, Maker],
  [args, at]: readonly [Arguments, At],
): void {
  const module = walk.survey.index.module(owner.module);
  if (module === undefined) return;
  const fields = fieldsOf(walk, owner, at);
  const inner = at.state.entering({
    ...moduleFrame(module, owner),
    depth: at.state.frame.depth,
    callers: at.state.frame.callers,
  });
  const others = maker === "pydantic" ? [{ name: "**others", role: "kwargs", default: null } as const] : [];
  const params = [...fields.filter(({ isParameter }) => isParameter).map(({ slot }) => slot), ...others];
  bindArguments(walk, { params, args, home: { module, owner } }, { ...at, state: inner });
  const attributes = new Map<string, Value>();
  for (const { slot, annotation, isParameter } of fields) {
    const given = isParameter ? inner.locals.get(slot.name) : slot.value;
    const value = given ?? untold(`the field ${slot.name}`);
    const isData = maker === "pydantic" && value.kind === "data" && isParameter;
    attributes.set(slot.name, isData ? data(coerced(dataOf(value, inner), annotation)) : value);
  }
  at.state.become(Object.assign(inner.fork(), { locals: at.state.locals, path: at.state.path }));
  if (!inner.live) return;
  at.state.heap.set(self.id, { kind: "object", cls, attributes, opened: [] });
  const [after] = walk.survey.order.methods(cls, "__post_init__");
  if (after !== undefined) walk.call({ kind: "bound", info: after, self }, NO_ARGUMENTS, at);
}

/** The fields of a generated constructor, those of base classes first. */
function fieldsOf(walk: Walk, cls: ClassInfo, at: At): readonly Field[] {
  const found = new Map<string, Field>();
  for (const ancestor of walk.survey.order.of(cls).toReversed()) {
    if (ancestor.kind === "foreign" || (makerOf(walk, ancestor) === undefined && keyOf(ancestor) !== keyOf(cls)))
      continue;
    for (const constant of ancestor.fields) {
      if (constant.annotation === null || isClassVariable(constant.annotation)) continue;
      found.set(constant.name, fieldOf(walk, constant, [ancestor, at]));
    }
  }
  return [...found.values()];
}

const isClassVariable = (annotation: Expr): boolean =>
  lastName(annotation.kind === "Subscript" ? annotation.value : annotation) === "ClassVar";

function fieldOf(walk: Walk, { name, value, annotation }: Constant, [home, at]: readonly [ClassInfo, At]): Field {
  const maker = value?.kind === "Call" && /^(field|Field)$/i.test(lastName(value.func) ?? "") ? value : null;
  const word = (key: string): Expr | undefined => maker?.keywords.find((each) => each.name === key)?.value;
  const init = word("init");
  const isParameter = !(init?.kind === "Constant" && init.literal.type === "bool" && !init.literal.value);
  const otherwise = maker === null ? value : (word("default") ?? null);
  const factory = word("default_factory");
  const made = factory === undefined ? undefined : fromFactory(walk, factory, [home, at]);
  const slot: Slot = { name, role: "any", default: otherwise, value: made };
  return { slot, isParameter, annotation };
}

/** `default_factory=list` and its like: an empty container, or what a function without arguments gives. */
function fromFactory(walk: Walk, factory: Expr, [home, at]: readonly [ClassInfo, At]): Value {
  const module = walk.survey.index.module(home.module);
  if (module === undefined) return untold("a default");
  const state = at.state.entering(moduleFrame(module, home));
  walk.recorder.silence += 1;
  const made = walk.call(walk.evaluate(factory, state), NO_ARGUMENTS, { node: factory as ExprOf<"Name">, state });
  walk.recorder.silence -= 1;
  return made.kind === "object" ? untold("an object made for each instance") : data(dataOf(made, state));
}
