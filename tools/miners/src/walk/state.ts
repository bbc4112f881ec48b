import { childrenOf, type Expr as Predicate } from "@lem/config/invariants";
import type { ClassInfo, FunctionInfo, Module } from "../modules/definitions.ts";
import { and, condition, either, not, or, simplified } from "./expr/conditions.ts";
import { intern, TRUE } from "./expr/intern.ts";
import { isNumber } from "./expr/kinds.ts";
import type { Collect, Value } from "./value.ts";

/** One condition of a path, or a loop over the user's elements that the path goes into. */
export type PathItem =
  | { readonly kind: "when"; readonly expr: Predicate; readonly collects: readonly Collect[] }
  | { readonly kind: "each"; readonly in: Predicate; readonly as: string };

/** The conditions on the way to a place, in the order in which Python evaluates them. */
export type Path = readonly PathItem[];

/** One entry of a local list, set or mapping, with the conditions since the container was made. */
export interface Entry {
  readonly path: Path;
  readonly key: Value | null;
  readonly value: Value;
  readonly node: object;
}

/** What an object, container or mapping of keywords holds. */
export type HeapRecord =
  | {
      readonly kind: "object";
      readonly cls: ClassInfo;
      readonly attributes: ReadonlyMap<string, Value>;
      /** Conditions under which every keyword that is left over became an attribute, with the keywords then left. */
      readonly opened: readonly { readonly when: Predicate; readonly taken: ReadonlyMap<string, Predicate> }[];
    }
  | {
      readonly kind: "container";
      readonly type: "list" | "set" | "dict" | "tuple";
      readonly entries: readonly Entry[];
      /** Length of the path on which it was made. */
      readonly depth: number;
      /** Entries that are not known. */
      readonly loose: boolean;
    }
  /** Keywords of the entry that no parameter took; by name whether it is there, where that is not the user's choice alone. */
  | { readonly kind: "keywords"; readonly presence: ReadonlyMap<string, Predicate> };

/** How a function, a loop or a handler is left, and in which state. */
export interface Exit {
  readonly state: State;
  readonly value: Value;
}

/** The function that is walked. */
export interface CallFrame {
  readonly fn: FunctionInfo | null;
  readonly module: Module;
  readonly owner: ClassInfo | null;
  readonly closure: ReadonlyMap<string, Value> | null;
  readonly depth: number;
  readonly callers: readonly string[];
  readonly returns: Exit[];
  readonly loops: { readonly breaks: State[]; readonly continues: State[] }[];
}

/** Where constants and defaults of a module are evaluated. */
export function moduleFrame(module: Module, owner: ClassInfo | null = null): CallFrame {
  return { fn: null, module, owner, closure: null, depth: 0, callers: [], returns: [], loops: [] };
}

/** Everything at one point of the walk. Changed in place along one line of statements, forked at branches. */
export class State {
  path: Path;
  locals: Map<string, Value>;
  heap: Map<number, HeapRecord>;
  /** `left` is by return, break, continue or a caught exception; `raised` by one that leaves the constructor. */
  status: "live" | "left" | "raised" = "live";
  /** Values that certainly are numbers here, and expressions that certainly did not raise: something would have happened. */
  sound: ReadonlySet<Predicate> = new Set();
  readonly frame: CallFrame;

  constructor(frame: CallFrame, path: Path = [], heap: ReadonlyMap<number, HeapRecord> = new Map()) {
    this.frame = frame;
    this.path = path;
    this.locals = new Map();
    this.heap = new Map(heap);
  }

  get live(): boolean {
    return this.status === "live";
  }

  /** A copy that can go another way. */
  fork(): State {
    const copy = new State(this.frame, this.path, this.heap);
    copy.locals = new Map(this.locals);
    copy.status = this.status;
    copy.sound = this.sound;
    return copy;
  }

  /** The same objects, seen from another function. */
  entering(frame: CallFrame): State {
    const inner = new State(frame, this.path, this.heap);
    inner.sound = this.sound;
    return inner;
  }

  /** Goes on where another state came to. */
  become(other: State): void {
    this.path = other.path;
    this.locals = other.locals;
    this.heap = other.heap;
    this.status = other.status;
    this.sound = other.sound;
  }

  /** Notes what holds because nothing was raised. */
  trust(...found: readonly Predicate[]): void {
    const more = found.filter((each) => !this.sound.has(each));
    if (more.length > 0) this.sound = new Set([...this.sound, ...more]);
  }

  /** Adds a condition to the path; one that never holds ends it. */
  assume(expr: Predicate, collects: readonly Collect[] = []): void {
    const simple = this.decided(expr);
    if (simple === TRUE) return;
    this.path = [...this.path, { kind: "when", expr: simple, collects }];
    this.trust(...numbersBy(simple));
  }

  /** A condition without what the path already decides. */
  decided(expr: Predicate): Predicate {
    return simplified(condition(expr), knownOn(this.path));
  }

  record<K extends HeapRecord["kind"]>(kind: K, id: number): Extract<HeapRecord, { kind: K }> | undefined {
    const found = this.heap.get(id);
    return found?.kind === kind ? (found as Extract<HeapRecord, { kind: K }>) : undefined;
  }
}

/** Values that are numbers where a condition holds. */
export function numbersBy(holds: Predicate): readonly Predicate[] {
  if (holds.op === "all") return holds.args.flatMap(numbersBy);
  if (holds.op === "type" && holds.classes.every((name) => /^(int|float|bool)$/.test(name))) return [holds.of];
  return /^(lt|le|gt|ge)$/.test(holds.op) ? numbersIn(holds) : [];
}

/** What is compared with a number, and did not raise, is one. */
export function numbersIn(compared: Predicate): readonly Predicate[] {
  const operands = childrenOf(compared);
  return operands.some(isNumber) ? operands.filter((each) => !isNumber(each)) : [];
}

const KNOWN = new WeakMap<Path, ReadonlySet<Predicate>>();

function knownOn(path: Path): ReadonlySet<Predicate> {
  const known = KNOWN.get(path);
  if (known !== undefined) return known;
  const parts = path.flatMap((item) =>
    item.kind === "each" ? [] : item.expr.op === "all" ? item.expr.args : [item.expr],
  );
  const found = new Set(parts);
  KNOWN.set(path, found);
  return found;
}

/** The conditions of a path as one; a loop is "for some element". */
export function pathCondition(path: Path): Predicate {
  const parts: Predicate[] = [];
  for (const [index, item] of path.entries()) {
    if (item.kind === "each") {
      const that = pathCondition(path.slice(index + 1));
      return and(...parts, intern({ op: "some", in: item.in, as: item.as, that }));
    }
    parts.push(item.expr);
  }
  return and(...parts);
}

/** What a path has beyond its first items. */
export const beyond = (path: Path, length: number): Path => path.slice(length);

/** The path behind two branches that went on; `left` tells whether some of their lines went elsewhere. */
export function joinedPath(base: Path, test: Predicate, [yes, no]: readonly [Path, Path]): Path {
  const [a, b] = [pathCondition(yes), pathCondition(no)];
  if (a === TRUE && b === TRUE) return base;
  const both = either(test, a, b);
  return both === TRUE ? base : [...base, { kind: "when", expr: both, collects: [] }];
}

/** Conditions under which each of several lines was taken, in order; the last needs none. */
export function lineTests(paths: readonly Path[]): readonly Predicate[] {
  const known = new Set<Predicate>();
  return paths.map((path) => {
    const own = pathCondition(path);
    const test = simplified(own, known);
    for (const holds of [not(own), not(test)])
      for (const part of holds.op === "all" ? holds.args : [holds]) known.add(part);
    return test;
  });
}

/** That one of several lines was taken. */
export const anyLine = (paths: readonly Path[]): Predicate => or(...paths.map(pathCondition));
