import type { Expr as Predicate } from "@lem/config/invariants";
import type { MadePart, Prepared } from "../candidates/candidate.ts";
import type { Survey } from "../take-ledger.ts";
import type { ClassInfo } from "../modules/definitions.ts";
import type { Expr, Keyword } from "../syntax/expressions.ts";
import type { Stmt } from "../syntax/statements.ts";
import type { GroundBook } from "./ground-book.ts";
import type { Parameters } from "./parameters.ts";
import type { Recorder } from "./recorder.ts";
import type { Exit, Path, State } from "./state.ts";
import type { Condition, Value, ValueOf } from "./value.ts";

/** Arguments of a call, evaluated. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** Values behind `**`. */
  readonly spread: readonly Value[];
  /** True where `*value` hides how many positional ones there are. */
  readonly open: boolean;
}

/** A `try` around the statement that is walked. */
export interface TryFrame {
  /** Names of the exceptions that its handlers catch; null for a bare one. */
  readonly catches: readonly (readonly string[] | null)[];
  /** For each handler, how it is reached. */
  readonly caught: Exit[][];
}

/** Where something is evaluated. */
export interface At {
  readonly node: Expr | Stmt;
  readonly state: State;
}

/** What the parts of the walk share; each part is a folder of functions that call one another through it. */
export interface Walk {
  readonly survey: Survey;
  readonly ground: GroundBook;
  readonly recorder: Recorder;
  readonly parameters: Parameters;
  readonly tries: TryFrame[];
  /** Objects of validating classes that were made on the way. */
  readonly parts: MadePart[];
  /** What the entry's own validators hand to the types of its fields. */
  readonly prepared: Record<string, Prepared>;
  /** Counts lines that a handler caught: compared before and after, it tells whether a block was left that way. */
  departures: number;
  /** The statement whose targets are assigned to: sites of stores and entries are at statements. */
  statement: Stmt | null;
  /** The class that is constructed, and the object. */
  readonly entry: ClassInfo;
  /** Beginnings of the paths of files whose functions are walked; all where there is none. */
  readonly within: readonly string[] | undefined;
  newId(): number;
  newVariable(): string;
  evaluate(expr: Expr, state: State): Value;
  condition(expr: Expr, state: State): Condition;
  run(block: readonly Stmt[], state: State): void;
  assign(target: Expr, value: Value, state: State): void;
  call(callee: Value, args: Arguments, at: At): Value;
  construct(cls: ClassInfo, args: Arguments, at: At): Value;
  /** Runs the constructor of the classes behind the one that calls `super()`. */
  initialise(of: ValueOf<"super">, args: Arguments, at: At): void;
  attribute(of: Value, name: string, at: At): Value;
  store(of: Value, name: string, value: Value, at: At): void;
  argumentsOf(args: readonly Expr[], keywords: readonly Keyword[], state: State): Arguments;
}

/** An exception at a place. */
export interface Thrown {
  readonly exception: string | null;
  /** The condition beyond the path; absent for one that is certain. */
  readonly when?: Predicate;
  readonly kind: "raise" | "assert" | "implicit";
  readonly path?: Path;
}
