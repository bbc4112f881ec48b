import type { EngineId } from "@lem/domain";
import { placeFinding, type Problem } from "../problem.ts";
import type { ResolveOptions } from "../resolve.ts";
import { withEntries, type Entry, type Located, type MapNode } from "../yaml/located.ts";
import type { Alternative, Level } from "./levels.ts";
import type { NativeKnowledge } from "./native-check.ts";
import { depthsOf } from "./pending.ts";
import { PointCheck, type CheckedPoint, type Place } from "./point-check.ts";
import type { Refusal } from "./refusal.ts";
import type { Selection } from "./sample.ts";
import { applied, applies, evenSizeFrom, sizeFrom, type Branch } from "./space.ts";

/** Who hears what becomes of the points of a study. */
export interface PointListener {
  readonly onPoint: (index: number, point: CheckedPoint, engine: EngineId) => void;
  /** Several points at once, the first of them at `index`. */
  readonly onRefused: (index: number, points: number, refused: RefusedPoints) => void;
}

/** Why points are refused; put into words when they are asked for. */
export interface RefusedPoints {
  /** Id of the rule, or the code of a problem without one. */
  readonly rule: string;
  readonly problem: () => Problem;
}

/** What a walk needs to know. */
export interface WalkOptions {
  readonly known: NativeKnowledge;
  readonly resolving: ResolveOptions;
  /** Checks the points of branches without levels, which are all alike. */
  readonly plain: PointCheck;
  readonly wanted: Selection;
  readonly listener: PointListener;
}

/**
 * Goes through the points of a branch, level by level. Each level's values are checked when they are set, over the
 * values so far: what is refused there takes all points below with it.
 */
export function walkBranch(branch: Branch, options: WalkOptions): void {
  new Walk(branch, options).start();
}

class Walk {
  readonly #branch: Branch;
  readonly #options: WalkOptions;
  readonly #check: PointCheck;
  readonly #apply: Applier;

  constructor(branch: Branch, options: WalkOptions) {
    this.#branch = branch;
    this.#options = options;
    const { known, resolving, plain } = options;
    this.#check = branch.levels.length === 0 ? plain : new PointCheck(known, resolving, depthsOf(branch.levels));
    this.#apply = new Applier(branch.levels);
  }

  start(): void {
    const { root, start, size } = this.#branch;
    if (this.#options.wanted.count(start, start + size) === 0) return;
    this.#visit({ root: root(), before: undefined, depth: 0 }, start, size);
  }

  /** Goes into the points from one number on, unless none of them is wanted or all are refused. */
  #visit(place: Place, from: number, size: number): void {
    const points = this.#options.wanted.count(from, from + size);
    if (points === 0) return;
    const refusal = this.#check.refusal(place);
    if (refusal === undefined) this.#descend(place, from);
    else this.#refuse(place.root, { from, points, refusal });
  }

  #descend({ root, depth }: Place, from: number): void {
    const { levels } = this.#branch;
    const level = levels[depth];
    if (level === undefined) return this.#complete(root, from);
    const ways = applies(level, root) ? level.alternatives : [UNCHANGED];
    const even = evenSizeFrom(levels, depth + 1);
    let at = from;
    for (const way of ways) {
      if (even !== undefined && this.#options.wanted.count(at, at + even) === 0) {
        at += even;
        continue;
      }
      const next = this.#apply.to(root, way, depth);
      const size = even ?? sizeFrom(levels, depth + 1, next);
      this.#visit({ root: next, before: root, depth: depth + 1 }, at, size);
      at += size;
    }
  }

  #complete(root: MapNode, index: number): void {
    const outcome = this.#check.complete(root);
    if ("rule" in outcome) this.#refuse(root, { from: index, points: 1, refusal: outcome });
    else this.#options.listener.onPoint(index, outcome, this.#branch.engine);
  }

  #refuse(
    root: MapNode,
    { from, points, refusal }: { readonly from: number; readonly points: number; readonly refusal: Refusal },
  ): void {
    const { rule, finding } = refusal;
    this.#options.listener.onRefused(from, points, { rule, problem: () => placeFinding(finding(), root) });
  }
}

const UNCHANGED: Alternative = { label: "", assignments: [] };

/**
 * Sets the values of alternatives. Where a walk comes to the same part with the same values again, as an outer level
 * varies something else, it meets the same node again, and what was found of it.
 */
class Applier {
  readonly #isRepeated: readonly boolean[];
  readonly #made = new Map<Alternative, WeakMap<Located, Entry>>();

  constructor(levels: readonly Level[]) {
    const roots = levels.map(rootsOf);
    this.#isRepeated = roots.map((own, depth) =>
      roots.slice(0, depth).some((outer) => [...own].some((root) => !outer.has(root))),
    );
  }

  to(root: MapNode, way: Alternative, depth: number): MapNode {
    if (way.assignments.length === 0) return root;
    const [name = "", ...others] = rootsOf({ alternatives: [way] });
    const part = root.entries.get(name)?.value;
    if (this.#isRepeated[depth] !== true || others.length > 0 || part?.kind !== "map") return applied(root, way);
    const known = this.#made.get(way) ?? new WeakMap<Located, Entry>();
    this.#made.set(way, known);
    const made = known.get(part) ?? (applied(root, way).entries.get(name) as Entry);
    known.set(part, made);
    return withEntries(root, [...root.entries, [name, made]]);
  }
}

const rootsOf = ({ alternatives }: Pick<Level, "alternatives">): ReadonlySet<string> =>
  new Set(alternatives.flatMap(({ assignments }) => assignments.map(({ path }) => path[0] ?? "")));
