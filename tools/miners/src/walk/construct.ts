import type { Expr as Predicate } from "@lem/config/invariants";
import type { Prepared } from "../candidates/candidate.ts";
import { keyOf } from "../modules/class-order.ts";
import { lastName } from "../modules/bindings.ts";
import type { ClassInfo, Constant, Definition } from "../modules/definitions.ts";
import type { Expr, ExprOf } from "../syntax/expressions.ts";
import { bindArguments, type Slot } from "./arguments.ts";
import { NO_ARGUMENTS } from "./attributes.ts";
import { coerced } from "./coercion.ts";
import { classNameOf, data, literal, untold, type Value, type ValueOf } from "./value.ts";
import { branchValue } from "./merge.ts";
import { effectiveValue } from "./expr/conditions.ts";
import { FALSE, TRUE } from "./expr/intern.ts";
import { isSet } from "./expr/terms.ts";
import { dataOf } from "./data.ts";
import { moduleFrame, pathCondition, type Entry, type State } from "./state.ts";
import { validated, validatorsBefore, validatorsOf, type Validators } from "./validators.ts";
import type { Arguments, At, Walk } from "./walk.ts";

/** How the objects of a class are made when it has no constructor of its own. */
type Maker = "dataclass" | "pydantic" | "msgspec";

/** Makes an object: by the nearest constructor of its classes, written or generated. */
export function construct(walk: Walk, cls: ClassInfo, args: Arguments, at: At): Value {
  const id = walk.newId();
  at.state.heap.set(id, { kind: "object", cls, attributes: new Map(), opened: [] });
  const self: ValueOf<"object"> = { kind: "object", id };
  initialise(walk, self, [cls], [args, at]);
  return self;
}

/** Runs the constructor on an object that is there already; `after` leaves out a class and those before it. */
export function initialise(
  walk: Walk,
  self: ValueOf<"object">,
  [cls, after]: readonly [cls: ClassInfo, after?: ClassInfo],
  [args, at]: readonly [Arguments, At],
): void {
  const ancestors = walk.survey.order.of(cls);
  const start = ancestors.findIndex(
    (each) => each.kind === "class" && after !== undefined && keyOf(each) === keyOf(after),
  );
  for (const ancestor of ancestors.slice(start + 1)) {
    if (ancestor.kind === "foreign") continue;
    const written = ancestor.methods.find(({ node }) => node.name === "__init__");
    if (written !== undefined) return void walk.call({ kind: "bound", info: written, self }, args, at);
    const maker = makerOf(walk, ancestor);
    // pydantic's validates the object's own class, wherever it is called from.
    const owner = maker === "pydantic" ? firstMade(walk, cls) : ancestor;
    if (maker !== undefined) return generated(walk, self, [cls, owner, maker], [args, at]);
  }
  if (walk.survey.order.hasForeignAncestor(cls, /^(?!builtins\.object$|abc\.|typing\.|types\.)/))
    walk.recorder.give(at.node, `the constructor of ${cls.qualname}`);
}

/** The nearest class of an object's whose constructor is generated. */
const firstMade = (walk: Walk, cls: ClassInfo): ClassInfo =>
  walk.survey.order
    .of(cls)
    .filter((each) => each.kind === "class")
    .find((each) => makerOf(walk, each) !== undefined) ?? cls;

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
  /** It is handed to `__post_init__`, and not kept. */
  readonly isPassedOn: boolean;
  readonly annotation: Expr | null;
}

/** A constructor that takes the fields, stores them, and runs `__post_init__`; pydantic's runs validators around it. */
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
  if (maker === "pydantic") return validating(walk, self, [cls, fields, args], [inner, at]);
  const values = fields.map(({ slot, isParameter }) => valueOf(slot, isParameter, inner));
  finish(walk, self, { cls, fields, values }, [inner, at]);
}

const valueOf = (slot: Slot, isParameter: boolean, { locals }: State): Value =>
  (isParameter ? locals.get(slot.name) : slot.value) ?? untold(`the field ${slot.name}`);

/** What a constructor came to: the values of its fields, in their order. */
interface Filled {
  readonly cls: ClassInfo;
  readonly fields: readonly Field[];
  readonly values: readonly Value[];
}

/** Stores the fields, and runs what a class does with them afterwards. */
function finish(
  walk: Walk,
  self: ValueOf<"object">,
  { cls, fields, values }: Filled,
  [inner, at]: readonly [State, At],
): void {
  at.state.become(Object.assign(inner.fork(), { locals: at.state.locals, path: at.state.path }));
  if (!inner.live) return;
  const held = fields.map(({ slot: { name }, isPassedOn }, place) => ({
    name,
    isPassedOn,
    value: values[place] as Value,
  }));
  const attributes = new Map(
    held.flatMap(({ name, isPassedOn, value }) => (isPassedOn ? [] : [[name, value] as const])),
  );
  at.state.heap.set(self.id, { kind: "object", cls, attributes, opened: [] });
  const [after] = walk.survey.order.methods(cls, "__post_init__");
  const positional = held.flatMap(({ isPassedOn, value }) => (isPassedOn ? [value] : []));
  if (after !== undefined) walk.call({ kind: "bound", info: after, self }, { ...NO_ARGUMENTS, positional }, at);
}

/** Validators check and change the fields before they are stored, and the object when it is whole. */
function validating(
  walk: Walk,
  self: ValueOf<"object">,
  [cls, fields, args]: readonly [ClassInfo, readonly Field[], Arguments],
  [inner, at]: readonly [State, At],
): void {
  const validators = validatorsOf(walk, cls);
  const part = { className: classNameOf(cls), stage: walk.recorder.stage, when: pathCondition(inner.path), fields: {} };
  const isOne = inner.path.every(({ kind }) => kind === "when");
  if (isOne && keyOf(cls) !== keyOf(walk.entry) && walk.recorder.silence === 0) walk.parts.push(part);
  const values: Value[] = [];
  const valid: Entry[] = [];
  for (const { slot, annotation, isParameter } of fields) {
    const value = valueOf(slot, isParameter, inner);
    const given = {
      cls,
      slot,
      annotation,
      value,
      part,
      earlier: valid,
      presence: isParameter ? presenceOf(slot.name, args, inner) : FALSE,
    };
    const made = checked(walk, validators, given, { ...at, state: inner });
    values.push(made);
    valid.push({ path: [], key: literal(slot.name), value: made, node: at.node });
    if (!inner.live) break;
  }
  finish(walk, self, { cls, fields, values }, [inner, at]);
  for (const info of validators.afterwards)
    if (at.state.live) walk.call({ kind: "bound", info, self }, NO_ARGUMENTS, at);
}

/** A field as a validating constructor is given it. */
interface GivenField {
  readonly cls: ClassInfo;
  readonly slot: Slot;
  readonly annotation: Expr | null;
  readonly value: Value;
  readonly presence: Predicate;
  /** The fields before it, which are valid. */
  readonly earlier: readonly Entry[];
  /** Where what its type is held against is noted. */
  readonly part: { readonly fields: Record<string, Predicate> };
}

/** What validation makes of a value; a default is not validated. */
function checked(walk: Walk, validators: Validators, given: GivenField, at: At): Value {
  const { cls, slot, annotation, value, presence, part } = given;
  if (presence === FALSE) return value;
  const field = slot.name;
  const validate = (state: State): Value => {
    const line = { ...at, state };
    const earlier = dictOf(walk, given.earlier, state);
    const before = validated(walk, validators, { cls, field, value, mode: "before", before: earlier }, line);
    if (presence === TRUE) part.fields[field] = dataOf(before, state);
    if (isPrepared(walk, validators, given))
      walk.prepared[field] = preparedBy(validators, field, dataOf(before, state));
    const typed = before.kind === "data" ? data(coerced(before.expr, annotation)) : before;
    return state.live
      ? validated(walk, validators, { cls, field, value: typed, mode: "after", before: earlier }, line)
      : typed;
  };
  return branchValue(at.state, presence, validate, () => value);
}

function dictOf(walk: Walk, entries: readonly Entry[], state: State): Value {
  const id = walk.newId();
  state.heap.set(id, {
    kind: "container",
    type: "dict",
    entries: [...entries],
    depth: state.path.length,
    loose: false,
  });
  return { kind: "container", id };
}

/** Whether a field is of the entry itself, and a method of it runs before the field's type. */
const isPrepared = (walk: Walk, validators: Validators, { cls, slot: { name } }: GivenField): boolean =>
  keyOf(cls) === keyOf(walk.entry) && !(name in walk.prepared) && validatorsBefore(validators, name).length > 0;

const preparedBy = (validators: Validators, field: string, value: Predicate): Prepared => ({
  methods: validatorsBefore(validators, field).map(({ module, qualname }) => `${module}.${qualname}`),
  value: effectiveValue(value),
});

/** Whether a keyword is given to a constructor. */
function presenceOf(field: string, { named, spread }: Arguments, state: State): Predicate {
  if (named.has(field)) return TRUE;
  const [source] = spread;
  if (source?.kind === "keywords") return state.record("keywords", source.id)?.presence.get(field) ?? isSet(field);
  return source === undefined ? FALSE : TRUE;
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

const isClassVariable = (annotation: Expr): boolean => isNamed(annotation, "ClassVar");

const isNamed = (annotation: Expr, name: string): boolean =>
  lastName(annotation.kind === "Subscript" ? annotation.value : annotation) === name;

function fieldOf(walk: Walk, { name, value, annotation }: Constant, [home, at]: readonly [ClassInfo, At]): Field {
  const maker = value?.kind === "Call" && /^(field|Field)$/i.test(lastName(value.func) ?? "") ? value : null;
  const word = (key: string): Expr | undefined => maker?.keywords.find((each) => each.name === key)?.value;
  const init = word("init");
  const isParameter = !(init?.kind === "Constant" && init.literal.type === "bool" && !init.literal.value);
  const otherwise = maker === null ? value : (word("default") ?? null);
  const factory = word("default_factory");
  const made = factory === undefined ? undefined : fromFactory(walk, factory, [home, at]);
  const slot: Slot = { name, role: "any", default: otherwise, value: made };
  return { slot, isParameter, isPassedOn: annotation !== null && isNamed(annotation, "InitVar"), annotation };
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
