import type { Expr as Predicate } from "@lem/config/invariants";
import { isConstant, TRUE } from "./expr/intern.ts";
import { choose, display } from "./expr/terms.ts";
import { not } from "./expr/conditions.ts";
import { dataOf } from "./data.ts";
import { anyLine, beyond, joinedPath, lineTests, type Exit, type Path, type HeapRecord, type State } from "./state.ts";
import { ABSENT, data, sameValue, type Value } from "./value.ts";

/** The value behind two branches. */
export function mergeValues(
  test: Predicate,
  [yes, a]: readonly [Value, State],
  [no, b]: readonly [Value, State],
): Value {
  if (sameValue(yes, no)) return yes;
  if (test === TRUE) return yes;
  const [left, right] = [plain(yes, a), plain(no, b)];
  if (left !== undefined && right !== undefined) return data(choose(test, left, right));
  return { kind: "choice", test, yes, no };
}

/** Data, and what a function wrote out as data: fresh containers of known values. */
function plain(value: Value, state: State): Predicate | undefined {
  if (value.kind === "data") return value.expr;
  if (value.kind !== "container") return undefined;
  const record = state.record("container", value.id);
  if (record === undefined || record.type === "dict" || record.loose) return undefined;
  const items = record.entries.map((entry) => (entry.path.length === 0 ? dataOf(entry.value, state) : undefined));
  const known = items.filter((item) => item !== undefined && item.op !== "unknown");
  return known.length === items.length ? display(record.type, known as readonly Predicate[]) : undefined;
}

/** Two states as one: `a` where the test holds, else `b`. */
function mergeInto(target: State, test: Predicate, a: State, b: State): void {
  const locals = new Map<string, Value>();
  for (const name of new Set([...a.locals.keys(), ...b.locals.keys()]))
    locals.set(name, mergeValues(test, [a.locals.get(name) ?? ABSENT, a], [b.locals.get(name) ?? ABSENT, b]));
  const heap = new Map<number, HeapRecord>();
  for (const id of new Set([...a.heap.keys(), ...b.heap.keys()])) {
    const [left, right] = [a.heap.get(id), b.heap.get(id)];
    const record = left === undefined ? right : right === undefined ? left : mergeRecords({ test, a, b }, left, right);
    if (record !== undefined) heap.set(id, record);
  }
  target.locals = locals;
  target.heap = heap;
}

interface Branches {
  readonly test: Predicate;
  readonly a: State;
  readonly b: State;
}

function mergeRecords({ test, a, b }: Branches, left: HeapRecord, right: HeapRecord): HeapRecord {
  if (left === right) return left;
  if (left.kind === "object" && right.kind === "object") {
    const attributes = new Map<string, Value>();
    for (const name of new Set([...left.attributes.keys(), ...right.attributes.keys()])) {
      const pair = [left.attributes.get(name) ?? ABSENT, right.attributes.get(name) ?? ABSENT] as const;
      attributes.set(name, mergeValues(test, [pair[0], a], [pair[1], b]));
    }
    const opened = [...left.opened, ...right.opened.filter((each) => !left.opened.includes(each))];
    return { ...left, attributes, opened };
  }
  if (left.kind === "container" && right.kind === "container") return mergeContainers(left, right);
  if (left.kind === "keywords" && right.kind === "keywords") return mergeKeywords(test, left, right);
  return left;
}

type RecordOf<K extends HeapRecord["kind"]> = Extract<HeapRecord, { kind: K }>;

/** Entries that only one branch made hold its conditions already. */
function mergeContainers(left: RecordOf<"container">, right: RecordOf<"container">): HeapRecord {
  const shared = left.entries.filter((entry) => right.entries.includes(entry));
  const isGrown = [left, right].every(({ entries }) => shared.every((entry, index) => entries[index] === entry));
  const entries = [...shared, ...[...left.entries, ...right.entries].filter((entry) => !shared.includes(entry))];
  return { ...left, entries, loose: left.loose || right.loose || !isGrown };
}

function mergeKeywords(test: Predicate, left: RecordOf<"keywords">, right: RecordOf<"keywords">): HeapRecord {
  const presence = new Map<string, Predicate>();
  for (const name of new Set([...left.presence.keys(), ...right.presence.keys()])) {
    const own: Predicate = { op: "isSet", path: name };
    presence.set(name, choose(test, left.presence.get(name) ?? own, right.presence.get(name) ?? own));
  }
  return { kind: "keywords", presence };
}

/**
 * Runs two branches and goes on behind them. A line that raises leaves no condition behind: what follows is a place of
 * its own, which the raise hides.
 */
export function branch(state: State, test: Predicate, yes: (line: State) => void, no: (line: State) => void): void {
  const decided = state.decided(test);
  if (isConstant(decided)) return decided === TRUE ? yes(state) : no(state);
  const base = state.path;
  const [a, b] = [state.fork(), state.fork()];
  a.assume(decided);
  b.assume(not(decided));
  const starts = [a.path.length, b.path.length] as const;
  yes(a);
  no(b);
  if (a.live && b.live) {
    mergeInto(state, decided, a, b);
    state.sound = new Set([...a.sound].filter((each) => b.sound.has(each)));
    state.path = joinedPath(base, decided, [beyond(a.path, starts[0]), beyond(b.path, starts[1])]);
    return;
  }
  const [going, gone, start] = a.live ? [a, b, starts[0]] : [b, a, starts[1]];
  state.become(going);
  if (!going.live) state.status = a.status === "left" || b.status === "left" ? "left" : "raised";
  else if (gone.status === "raised") state.path = [...base, ...beyond(going.path, start)];
}

/** The value of two branches. */
export function branchValue(
  state: State,
  test: Predicate,
  yes: (line: State) => Value,
  no: (line: State) => Value,
): Value {
  const found: [Value, State][] = [];
  const keep = (make: (line: State) => Value) => (line: State) => void found.push([make(line), line]);
  branch(state, test, keep(yes), keep(no));
  const live = found.filter(([, line]) => line.live);
  const [first, second] = live;
  if (first === undefined) return ABSENT;
  return second === undefined ? first[0] : mergeValues(test, first, second);
}

/**
 * Lines that come together again, as behind a function's returns. `whole` says that no line went elsewhere, but for those
 * that raised: then the path is as before.
 */
export function gather(target: State, base: Path, exits: readonly Exit[], whole: boolean): Value {
  const last = exits.at(-1);
  if (last === undefined) return ABSENT;
  const paths = exits.map(({ state }) => beyond(state.path, base.length));
  const tests = lineTests(paths);
  let value = last.value;
  const merged = last.state.fork();
  for (let index = exits.length - 2; index >= 0; index -= 1) {
    const exit = exits[index] as Exit;
    const test = tests[index] as Predicate;
    value = mergeValues(test, [exit.value, exit.state], [value, merged]);
    mergeInto(merged, test, exit.state, merged);
  }
  target.heap = merged.heap;
  target.locals = merged.locals;
  target.status = "live";
  target.path = base;
  const [first, ...others] = exits.map(({ state }) => state.sound);
  target.sound = new Set([...(first ?? [])].filter((each) => others.every((other) => other.has(each))));
  if (!whole) target.assume(anyLine(paths));
  return value;
}
