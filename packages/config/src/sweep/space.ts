import { isEngineId, LemError, type EngineId } from "@lem/domain";
import { overlayAll } from "../layers/overlay.ts";
import { mergeLayers, type Layers } from "../resolve.ts";
import { DEFAULT_ENGINE } from "../schema/experiment.ts";
import { isWholeFloat, nodeAt, stringAt, toJson, withEntries, type Located, type MapNode } from "../yaml/located.ts";
import { layerOf, type Assignment } from "./assignment.ts";
import { isStructural, routedTo, type Alternative, type Condition, type Level } from "./levels.ts";

/** The part of a study in which engine and preset are given. */
export interface Branch {
  readonly engine: EngineId;
  /** Numbers of its points: from here, as many as its size. */
  readonly start: number;
  readonly size: number;
  /** Labels and values that picked it. */
  readonly labels: readonly string[];
  readonly assignments: readonly Assignment[];
  /** The merged layers before any of its levels; made when it is asked for, as there may be very many branches. */
  readonly root: () => MapNode;
  readonly levels: readonly Level[];
  /** False for one of the experiments beside the grid. */
  readonly isGrid: boolean;
}

/** What a study declares: a grid, and experiments beside it. */
export interface Declared {
  readonly layers: Layers;
  readonly levels: readonly Level[];
  readonly experiments: readonly Alternative[];
}

/** All points that a study declares, numbered in declared order; none of them is made before it is asked for. */
export class DesignSpace {
  readonly branches: readonly Branch[];
  readonly size: number;
  /** Engines that some of its points run on. */
  readonly engines: ReadonlySet<EngineId>;
  readonly #layers: Layers;

  constructor({ layers, levels, experiments }: Declared) {
    this.#layers = layers;
    const outer = levels.filter(isStructural);
    const inner = levels.filter((level) => !isStructural(level));
    const hasGrid = levels.length > 0 || experiments.length === 0;
    const chosen = [
      ...(hasGrid ? picks(outer).map((pick) => ({ pick, open: inner, isGrid: true })) : []),
      ...experiments.map((experiment) => ({ pick: [experiment], open: [], isGrid: false })),
    ].map((each) => ({ ...each, engine: this.#engineOf(each.pick) }));
    this.engines = new Set(chosen.map(({ engine }) => engine));
    const branches: Branch[] = [];
    let start = 0;
    for (const each of chosen) {
      const branch = this.#branch(each, start);
      branches.push(branch);
      start += branch.size;
    }
    this.branches = branches;
    this.size = start;
  }

  /** The values that the levels give a point. */
  assignmentsAt(index: number): readonly Assignment[] {
    const branch = this.#branchOf(index);
    return [...branch.assignments, ...this.#choicesIn(branch, index).flatMap(({ assignments }) => assignments)];
  }

  /** A point's values in short. */
  labelAt(index: number): string {
    const branch = this.#branchOf(index);
    return [...branch.labels, ...this.#choicesIn(branch, index).map(({ label }) => label)].join(" ");
  }

  /** The engine that a point runs on. */
  engineAt(index: number): EngineId {
    return this.#branchOf(index).engine;
  }

  /** The layers that make a point's configuration. */
  layersAt(index: number): Layers {
    const layers = this.#layersWith(this.assignmentsAt(index));
    const { engine } = this.#branchOf(index);
    const kept = (map: MapNode | undefined): MapNode | undefined => map && this.#forEngine(map, engine);
    return { ...layers, flags: kept(layers.flags), file: kept(layers.file), base: kept(layers.base) };
  }

  #branchOf(index: number): Branch {
    let [low, high] = [0, this.branches.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.branches[middle] as Branch).start <= index) low = middle;
      else high = middle - 1;
    }
    return this.branches[low] as Branch;
  }

  #choicesIn({ levels, root, start }: Branch, index: number): readonly Alternative[] {
    const chosen: Alternative[] = [];
    if (levels.length === 0) return chosen;
    let at = root();
    let before = start;
    for (const [depth, level] of levels.entries()) {
      if (!applies(level, at)) continue;
      const way = wayTo(index - before, { levels, depth, root: at });
      chosen.push(way.alternative);
      at = applied(at, way.alternative);
      before += way.skipped;
    }
    return chosen;
  }

  #engineOf(pick: readonly Alternative[]): EngineId {
    const name = stringAt(mergeLayers(this.#layersWith(assignmentsOf(pick))), ["engine"]);
    return name !== undefined && isEngineId(name) ? name : DEFAULT_ENGINE;
  }

  #branch({ engine, pick, open, isGrid }: Chosen, start: number): Branch {
    const assignments = assignmentsOf(pick);
    const root = (): MapNode => this.#forEngine(mergeLayers(this.#layersWith(assignments)), engine);
    const levels = open.flatMap((level) => routedTo(level, engine) ?? []);
    const size = evenSizeFrom(levels, 0) ?? sizeFrom(levels, 0, root());
    const labels = pick.map(({ label }) => label);
    return { engine, start, size, labels, assignments, root, levels, isGrid };
  }

  #layersWith(assignments: readonly Assignment[]): Layers {
    const { file } = this.#layers;
    return { ...this.#layers, file: overlayAll([...assignments.map(layerOf).toReversed(), file]) };
  }

  /** Sections of engines that other points run on do not count for this one. */
  #forEngine(map: MapNode, engine: EngineId): MapNode {
    const isOther = (key: string): boolean => key !== engine && isEngineId(key) && this.engines.has(key);
    return withEntries(
      map,
      [...map.entries].filter(([key]) => !isOther(key)),
    );
  }
}

/** A way to set the outer levels, before it is a branch. */
interface Chosen {
  readonly engine: EngineId;
  readonly pick: readonly Alternative[];
  readonly open: readonly Level[];
  readonly isGrid: boolean;
}

const assignmentsOf = (alternatives: readonly Alternative[]): readonly Assignment[] =>
  alternatives.flatMap(({ assignments }) => assignments);

/** Every combination of alternatives of some levels, the first level slowest. */
const picks = (levels: readonly Level[]): readonly (readonly Alternative[])[] =>
  levels.reduce<readonly (readonly Alternative[])[]>(
    (sets, { alternatives }) => sets.flatMap((set) => alternatives.map((each) => [...set, each])),
    [[]],
  );

/** The root with the values of an alternative. */
export const applied = (root: MapNode, { assignments }: Alternative): MapNode =>
  assignments.length === 0 ? root : overlayAll([...assignments.map(layerOf).toReversed(), root]);

/** True where a level applies. */
export const applies = ({ conditions }: Level, root: MapNode): boolean =>
  conditions.every((condition) => holds(condition, root));

function holds({ path, values }: Condition, root: MapNode): boolean {
  const node = nodeAt(root, path);
  return values.some((value) => (node === undefined ? isNull(value) : isSame(node, value)));
}

const isNull = (node: Located): boolean => node.kind === "scalar" && node.value === null;

const isSame = (a: Located, b: Located): boolean =>
  isWholeFloat(a) === isWholeFloat(b) && JSON.stringify(toJson(a)) === JSON.stringify(toJson(b));

/** A level of a walk with what is set before it. */
interface Position {
  readonly levels: readonly Level[];
  readonly depth: number;
  readonly root: MapNode;
}

/** The alternative below which a point lies, and how many points the ones before it have. */
function wayTo(
  offset: number,
  { levels, depth, root }: Position,
): { readonly alternative: Alternative; readonly skipped: number } {
  const alternatives = levels[depth]?.alternatives ?? [];
  const each = evenSizeFrom(levels, depth + 1);
  if (each !== undefined) {
    const place = Math.min(Math.floor(offset / each), alternatives.length - 1);
    return { alternative: alternatives[place] as Alternative, skipped: place * each };
  }
  let skipped = 0;
  for (const alternative of alternatives) {
    const size = sizeFrom(levels, depth + 1, applied(root, alternative));
    if (offset < skipped + size) return { alternative, skipped };
    skipped += size;
  }
  throw new LemError("internal.bug", `a point beyond the last of ${skipped}`);
}

/** How many points there are from a level on, where that does not hang on what is set before it. */
export function evenSizeFrom(levels: readonly Level[], depth: number): number | undefined {
  let product = 1;
  for (let at = depth; at < levels.length; at++) {
    const { alternatives, conditions } = levels[at] as Level;
    if (conditions.length > 0) return undefined;
    product *= alternatives.length;
  }
  return product;
}

/** How many points there are from a level on. Where conditions are still to come they are walked through. */
export function sizeFrom(levels: readonly Level[], depth: number, root: MapNode): number {
  const even = evenSizeFrom(levels, depth);
  const level = levels[depth];
  if (even !== undefined || level === undefined) return even ?? 1;
  if (!applies(level, root)) return sizeFrom(levels, depth + 1, root);
  return level.alternatives.reduce((sum, each) => sum + sizeFrom(levels, depth + 1, applied(root, each)), 0);
}
