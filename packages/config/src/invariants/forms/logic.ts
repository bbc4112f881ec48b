import type { Compiler, TruthCode, ValueCode } from "../compile/compiler.ts";
import type { ConditionalExpr, JunctionExpr, NotExpr } from "../expression.ts";
import type { Frame } from "../frame.ts";
import { isFault, isRaises, isUnknown, raises, tainted, type Outcome, type Truth, type Unknown } from "../outcome.ts";
import { truthOf } from "../values/truthiness.ts";
import type { Form } from "./form.ts";

/** The more careful of two undecided steps. */
export const moreCareful = (first: Unknown | undefined, next: Unknown): Unknown =>
  first === undefined || (next.mayRaise && !first.mayRaise) ? next : first;

/**
 * Conditions met one after another until one equals `stop`, as in Python: an undecided one leaves the answer open unless
 * a later one stops for certain, and what raises after an undecided one may not be reached.
 */
export function decide(stop: boolean, truths: Iterable<Truth>): Truth {
  let blame: Unknown | undefined;
  for (const truth of truths) {
    if (truth === stop) return blame?.mayRaise === true ? blame : stop;
    if (typeof truth === "boolean") continue;
    if (truth.type === "raises") return blame === undefined ? truth : tainted(blame);
    blame = moreCareful(blame, truth);
  }
  return blame ?? !stop;
}

/** {@link decide} for compiled conditions; the common case of known ones costs nothing else. */
function shortCircuit(stop: boolean, conditions: readonly TruthCode[]): TruthCode {
  return (frame) => {
    for (const [index, condition] of conditions.entries()) {
      const truth = condition(frame);
      if (truth === stop) return stop;
      if (typeof truth !== "boolean") return decide(stop, resumed(truth, conditions, index + 1, frame));
    }
    return !stop;
  };
}

function* resumed(first: Truth, conditions: readonly TruthCode[], from: number, frame: Frame): Iterable<Truth> {
  yield first;
  for (const condition of conditions.slice(from)) yield condition(frame);
}

/** `and` and `or` as values: the operand that decides, or the last. */
function operandOf(stop: boolean, operands: readonly ValueCode[]): ValueCode {
  const from = (frame: Frame, start: number): Outcome => {
    for (let index = start; index < operands.length; index += 1) {
      const value = (operands[index] as ValueCode)(frame);
      if (index === operands.length - 1) return value;
      const truth = truthOf(value);
      if (truth === stop) return value;
      if (typeof truth !== "boolean") return truth.type === "raises" ? truth : open(truth, from(frame, index + 1));
    }
    return !stop;
  };
  return (frame) => from(frame, 0);
}

/** The operand is not known: it may be the undecided one or one of the rest. */
const open = (blame: Unknown, rest: Outcome): Unknown =>
  isRaises(rest) || (isUnknown(rest) && rest.mayRaise) ? tainted(blame) : blame;

const junction = (op: JunctionExpr["op"], stop: boolean, word: string): Form<JunctionExpr> => ({
  meaning: `Python's \`${word}\`: the first operand that is ${stop ? "true" : "false"}, else the last; without operands ${stop ? "False" : "True"}`,
  example: { [op]: [{ truthy: { f: "a" } }, { f: "b" }] },
  isCondition: false,
  parse: (body, reader) => ({ op, args: reader.array(body).map((arg, index) => reader.expr(arg, index)) }),
  print: ({ args }, print) => args.map(print),
  children: ({ args }) => args,
  value: ({ args }, compiler) =>
    operandOf(
      stop,
      args.map((arg) => compiler.value(arg)),
    ),
  truth: ({ args }, compiler) =>
    shortCircuit(
      stop,
      args.map((arg) => compiler.truth(arg)),
    ),
  python: ({ args }, render) =>
    args.length === 0 ? (stop ? "False" : "True") : `(${args.map(render).join(` ${word} `)})`,
});

/** Python's `and`. */
export const ALL: Form<JunctionExpr> = junction("all", false, "and");

/** Python's `or`. */
export const ANY: Form<JunctionExpr> = junction("any", true, "or");

/** Python's `not`. */
export const NOT: Form<NotExpr> = {
  meaning: "Python's `not`",
  example: { not: { f: "use_cache" } },
  isCondition: true,
  parse: (body, reader) => ({ op: "not", of: reader.expr(body) }),
  print: ({ of }, print) => print(of),
  children: ({ of }) => [of],
  value: ({ of }, compiler) => {
    const inner = compiler.truth(of);
    return (frame) => {
      const truth = inner(frame);
      return typeof truth === "boolean" ? !truth : truth;
    };
  },
  python: ({ of }, render) => `(not ${render(of)})`,
};

/** What both branches of an undecided test come to, where they agree. */
function merge<T extends Outcome>(blame: Unknown, then: T, otherwise: T): T | Unknown | ReturnType<typeof raises> {
  if (isRaises(then) && isRaises(otherwise))
    return !blame.mayRaise && then.exception === otherwise.exception ? then : raises("Exception");
  if (!isFault(then) && !blame.mayRaise && Object.is(then, otherwise)) return then;
  const mayRaise = [then, otherwise].some((branch) => isRaises(branch) || (isUnknown(branch) && branch.mayRaise));
  return mayRaise ? tainted(blame) : blame;
}

function choose<T extends Outcome>(
  test: TruthCode,
  then: (frame: Frame) => T,
  otherwise: (frame: Frame) => T,
): (frame: Frame) => T | Unknown | ReturnType<typeof raises> {
  return (frame) => {
    const truth: Truth = test(frame);
    if (typeof truth === "boolean") return truth ? then(frame) : otherwise(frame);
    return truth.type === "raises" ? truth : merge(truth, then(frame), otherwise(frame));
  };
}

/** Python's conditional expression. */
export const ITE: Form<ConditionalExpr> = {
  meaning: "Python's `b if a else c`, written test, then, otherwise",
  example: { ite: [{ f: "a" }, { f: "b" }, { f: "c" }] },
  isCondition: false,
  parse: (body, reader) => {
    const [test, yes, no] = reader.array(body, 3, 3);
    return { op: "ite", test: reader.expr(test, 0), yes: reader.expr(yes, 1), no: reader.expr(no, 2) };
  },
  print: ({ test, yes, no }, print) => [test, yes, no].map(print),
  children: ({ test, yes, no }) => [test, yes, no],
  value: ({ test, yes, no }, compiler: Compiler) =>
    choose(compiler.truth(test), compiler.value(yes), compiler.value(no)),
  truth: ({ test, yes, no }, compiler) => choose(compiler.truth(test), compiler.truth(yes), compiler.truth(no)),
  python: ({ test, yes, no }, render) => `(${render(yes)} if ${render(test)} else ${render(no)})`,
};
