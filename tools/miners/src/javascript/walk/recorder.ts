import { sha256 } from "@lem/domain";
import { childrenOf, type Expr } from "@lem/config/invariants";
import type { ImplicitOperator, SiteKind } from "../../sites/site.ts";
import { and, not, or } from "../../walk/expr/conditions.ts";
import { FALSE, intern } from "../../walk/expr/intern.ts";
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

/** A list of the user's whose items are being walked. */
interface Quantifier {
  /** The name of any item. */
  readonly as: string;
  readonly in: Expr;
  /** That it is a list. */
  readonly listed: Expr;
}

const reads = (expr: Expr, name: string): boolean =>
  (expr.op === "var" && expr.name === name) || childrenOf(expr).some((child) => reads(child, name));

function unhidden(when: Expr, refused: ReadonlySet<Expr>): Expr {
  if (when.op === "any") return or(...when.args.map((each) => unhidden(each, refused)));
  const parts = when.op === "all" ? when.args : [when];
  const left = parts.filter((part) => !refused.has(not(part)));
  return left.length < parts.length && left.length > 0 ? and(...left) : when;
}

/** Collects the refusals of one walk, each place once. */
export class Recorder {
  readonly #found = new Map<string, FoundPlace>();
  readonly #functions = new Set<string>();
  /** Above zero where a handler takes whatever is thrown. */
  caught = 0;
  /** When native code is handed a number that is none: no rule yet, but worth trying. */
  readonly notNumbers: Set<Expr> = new Set();
  /** Lists that are gone through, the outermost first: what is refused of an item is refused of their lists. */
  readonly quantifiers: Quantifier[] = [];

  get found(): ReadonlyMap<string, FoundPlace> {
    return this.#found;
  }

  /** What another place refuses where a part does not hold is no condition: that place only hides this one. */
  settle(): void {
    const refused = new Set([...this.#found.values()].map(({ when }) => when));
    for (const place of this.#found.values()) place.when = unhidden(place.when, refused);
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
    const whole = this.#overItems(and(held, when));
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

  #overItems(when: Expr): Expr {
    return this.quantifiers.reduceRight((whole, { as, in: list, listed }) => {
      const parts = whole.op === "all" ? whole.args : [whole];
      const own = parts.filter((part) => reads(part, as));
      if (own.length === 0) return whole;
      const others = parts.filter((part) => !own.includes(part));
      return and(listed, ...others, intern({ op: "some", in: list, as, that: and(...own) }));
    }, when);
  }
}
