import type { Expr } from "@lem/config/invariants";
import type { NativeContracts } from "../native/contracts.ts";
import type { ClassInfo, Module, PackageIndex } from "../package-index.ts";
import type { Expression, FunctionNode, Located, Statement } from "../syntax.ts";
import type { LiveBook } from "./live-book.ts";
import type { Recorder } from "./recorder.ts";
import type { HeapObject, State } from "./state.ts";
import type { Data, FunctionValue, Value, Scope } from "./value.ts";

/** What a function returned on a line of its own. */
export interface Returned {
  readonly when: Expr;
  readonly value: Value;
}

/** A function that is being walked. */
export interface Frame {
  readonly module: Module;
  readonly qualname: string;
  readonly owner: string | undefined;
  readonly self: Value | undefined;
  readonly scope: Scope;
  readonly returned: Returned[];
  /** Length of the path at its beginning. */
  readonly since: number;
}

/** A loop whose first round is being walked. */
export interface WalkedLoop {
  /** Length of the path at the round's beginning. */
  readonly since: number;
  /** With what, and when, it was left by `break`. */
  readonly breaks: { readonly when: Expr; readonly variables: ReadonlyMap<number, Value> }[];
}

/** Where something is evaluated. */
export interface At {
  readonly state: State;
  readonly frame: Frame;
}

/** What the parts of the walk share. */
export interface Walk {
  readonly index: PackageIndex;
  readonly recorder: Recorder;
  readonly live: LiveBook;
  readonly contracts: NativeContracts;
  /** By name of a function, what it gives on a machine that has enough of everything. */
  readonly stands: Readonly<Record<string, unknown>>;
  /** Keys that users may write. */
  readonly keys: ReadonlySet<string>;
  /** Keys that they may not, and that are there. */
  readonly given: ReadonlySet<string>;
  /** Functions that are being walked, the outermost first. */
  readonly stack: FunctionNode[];
  /** Loops that are being walked, the outermost first. */
  readonly loops: WalkedLoop[];
  /** Steps that are left before the walk gives up. */
  budget: number;
  newId(): number;
  evaluate(node: Expression, at: At): Value;
  run(block: readonly Statement[], at: At): void;
  call(callee: Value, args: readonly Value[], node: Located, at: At): Value;
  construct(cls: ClassInfo, args: readonly Value[], at: At): Value;
  member(of: Value, name: string, node: Located, at: At): Value;
  bind(pattern: unknown, value: Value, at: At): void;
  dataOf(value: Value): Data;
  /** A condition on the truth of a value. */
  truth(value: Value): Expr;
  newObject(at: At, object?: Partial<HeapObject>): Value;
  /** Calls the functions among arguments, as a function that is not looked into may do. */
  callbacks(args: readonly Value[], at: At): Value;
  invoke(fn: FunctionValue, args: readonly Value[], at: At): Value;
}
