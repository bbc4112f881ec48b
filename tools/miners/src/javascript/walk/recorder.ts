import { sha256 } from "@lem/domain";
import type { Expr } from "@lem/config/invariants";
import type { ImplicitOperator, SiteKind } from "../../sites/site.ts";
import { and, or } from "../../walk/expr/conditions.ts";
import { FALSE } from "../../walk/expr/intern.ts";
import { lineOf, type Located } from "../syntax.ts";

/** A place that may refuse, with all that the walk knows of it. */
export interface FoundPlace {
  readonly path: string;
  readonly qualname: string;
  readonly line: number;
  readonly column: number;
  readonly kind: SiteKind;
  readonly operator: ImplicitOperator | null;
  readonly exception: string | null;
  when: Expr;
  /** Where else it shows: the lines that an exception from native code goes through. */
  readonly shownAt: Set<string>;
  /** The functions that were walked on the way to it. */
  readonly depth: number;
}

/** What is told of a refusal. */
export interface Refusal {
  readonly node: Located;
  readonly path: string;
  readonly qualname: string;
  readonly kind: SiteKind;
  readonly operator?: ImplicitOperator;
  readonly exception: string | null;
  readonly when: Expr;
  readonly depth: number;
  readonly shownAt?: string | undefined;
}

/** A name for a place that holds within one source. */
export const placeKey = (path: string, line: number, column: number, kind: string): string =>
  sha256(JSON.stringify([path, line, column, kind])).slice(0, 12);

/** Nothing in these conditions raises: one part that never holds is enough. */
const isNever = (when: Expr): boolean => when === FALSE || (when.op === "all" && when.args.includes(FALSE));

/** Collects the refusals of one walk, each place once. */
export class Recorder {
  readonly #found = new Map<string, FoundPlace>();
  readonly #functions = new Set<string>();
  /** Above zero where a handler takes whatever is thrown. */
  caught = 0;

  get found(): ReadonlyMap<string, FoundPlace> {
    return this.#found;
  }

  /** Notes that a function was walked. */
  enter(path: string, qualname: string): void {
    this.#functions.add(`${path}:${qualname}`);
  }

  hasEntered(path: string, qualname: string): boolean {
    return this.#functions.has(`${path}:${qualname}`);
  }

  /** A refusal where conditions hold. */
  refuse({ node, path, qualname, kind, operator, exception, when, depth, shownAt }: Refusal, held: Expr): string {
    const line = lineOf(node);
    const column = node.loc?.start.column ?? 0;
    const key = placeKey(path, line, column, kind);
    const whole = and(held, when);
    if (this.caught > 0 || isNever(whole)) return key;
    const known = this.#found.get(key);
    if (known === undefined)
      this.#found.set(key, {
        path,
        qualname,
        line,
        column,
        kind,
        operator: operator ?? null,
        exception,
        when: whole,
        shownAt: new Set(shownAt === undefined ? [] : [shownAt]),
        depth,
      });
    else {
      known.when = or(known.when, whole);
      if (shownAt !== undefined) known.shownAt.add(shownAt);
    }
    return key;
  }
}
