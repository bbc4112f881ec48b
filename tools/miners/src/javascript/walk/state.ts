import type { Expr } from "@lem/config/invariants";
import { and, not, simplified } from "../../walk/expr/conditions.ts";
import { FALSE, isConstant, TRUE } from "../../walk/expr/intern.ts";
import type { ClassInfo } from "../package-index.ts";
import { chosen, decided, type Value } from "./value.ts";

/** An object that the engine's program made. */
export interface HeapObject {
  readonly properties: ReadonlyMap<string, Value>;
  /** What was spread into it before those. */
  readonly spread: readonly Value[];
  readonly cls: ClassInfo | undefined;
  /** The native class that it is an object of. */
  readonly native: string | undefined;
  readonly isList: boolean;
}

/** How a line of statements ended before its end. */
export type Departure = "thrown" | "returned" | "left";

/** Whether all alternatives of a condition are among those of another one. */
const isAlternative = (held: Expr, of: Expr): boolean =>
  held.op === "any" && of.op === "any" && held.args.every((each) => of.args.includes(each));

/** Variables and objects on one line of the program. */
export class State {
  readonly variables: Map<number, Value>;
  readonly heap: Map<number, HeapObject>;
  /** What holds here, in the order in which it came to hold. */
  path: readonly Expr[];
  departed: Departure | undefined;

  constructor(from?: State, condition: Expr = TRUE) {
    this.variables = new Map(from?.variables);
    this.heap = new Map(from?.heap);
    this.path = condition === TRUE ? (from?.path ?? []) : [...(from?.path ?? []), condition];
  }

  get condition(): Expr {
    return and(...this.path);
  }

  /** True or false where what holds here decides a condition; else the condition as it is. */
  known(condition: Expr): Expr {
    if (isConstant(condition) || this.path.length === 0) return condition;
    const held = this.path.flatMap((each) => (each.op === "all" ? each.args : [each]));
    if (held.some((each) => isAlternative(each, condition))) return TRUE;
    const simple = simplified(condition, new Set(held));
    return isConstant(simple) ? simple : condition;
  }

  /** False on a line that cannot be reached, or ended. */
  get isLive(): boolean {
    return this.departed === undefined && this.condition !== FALSE;
  }

  /** Goes on where two lines meet, of which the first was taken where a condition holds; it must be open. */
  join(test: Expr, yes: State, no: State): void {
    const [first, second] = [yes.isLive, no.isLive];
    if (!first && !second) {
      this.departed = yes.departed ?? no.departed ?? "left";
      return;
    }
    const beyond = this.path.length + 1;
    const extra = (state: State): Expr => and(...state.path.slice(beyond));
    if (first && second) {
      this.#takeBoth(test, yes, no);
      this.#add(decided(test, extra(yes), extra(no)));
      return;
    }
    const [alive, dead] = first ? [yes, no] : [no, yes];
    this.#take(alive);
    // What a refusal leaves over is no condition of what comes after it: it only hides that.
    if (dead.departed !== "thrown") this.#add(first ? test : not(test));
    this.#add(extra(alive));
  }

  #add(condition: Expr): void {
    if (condition !== TRUE) this.path = [...this.path, condition];
  }

  #take({ variables, heap }: State): void {
    for (const [id, value] of variables) this.variables.set(id, value);
    for (const [id, object] of heap) this.heap.set(id, object);
  }

  #takeBoth(test: Expr, yes: State, no: State): void {
    for (const id of new Set([...yes.variables.keys(), ...no.variables.keys()])) {
      const [a, b] = [yes.variables.get(id), no.variables.get(id)];
      const both = a === undefined || b === undefined ? (a ?? b) : chosen(test, a, b);
      if (both !== undefined) this.variables.set(id, both);
    }
    for (const id of new Set([...yes.heap.keys(), ...no.heap.keys()])) {
      const [a, b] = [yes.heap.get(id), no.heap.get(id)];
      const both = a === undefined || b === undefined ? (a ?? b) : bothObjects(test, a, b);
      if (both !== undefined) this.heap.set(id, both);
    }
  }
}

function bothObjects(test: Expr, yes: HeapObject, no: HeapObject): HeapObject {
  if (yes === no) return yes;
  const names = new Set([...yes.properties.keys(), ...no.properties.keys()]);
  const properties = [...names].flatMap((name) => {
    const [a, b] = [yes.properties.get(name), no.properties.get(name)];
    const both = a === undefined || b === undefined ? (a ?? b) : chosen(test, a, b);
    return both === undefined ? [] : [[name, both] as const];
  });
  return { ...yes, properties: new Map(properties) };
}
