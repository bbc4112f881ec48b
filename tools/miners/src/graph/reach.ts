import { keyOf } from "../modules/class-order.ts";
import { functionKey, type FunctionInfo } from "../modules/definitions.ts";
import type { ModuleIndex } from "../modules/module-index.ts";
import { outgoing, type Edge, type Knowledge, type Outgoing } from "./edges.ts";
import { openFrame, type Frame } from "./frame.ts";

/** Functions that run first when a user hands an engine a configuration. */
export interface EntryPoint {
  readonly name: string;
  readonly starts: readonly Edge[];
  /** Beginnings of the paths of files that are looked at; all where there is none. */
  readonly within?: readonly string[] | undefined;
}

/** Whether a file is looked at. */
export const isWithin = (path: string, within: readonly string[] | undefined): boolean =>
  within === undefined || within.some((start) => path.startsWith(start));

/** A function that an entry point can reach. */
export interface Reached {
  readonly fn: FunctionInfo;
  /** Classes it runs on, as frames to look its names up in; the first was met first. */
  readonly frames: readonly Frame[];
  /** Calls between it and the nearest entry point; 0 for an entry point. */
  readonly depth: number;
  /** Names of the entry points, sorted. */
  readonly entries: readonly string[];
  readonly calls: Pick<Outgoing, "foreign" | "unresolved">;
}

interface Found {
  readonly fn: FunctionInfo;
  readonly frames: Frame[];
  depth: number;
  readonly entries: Set<string>;
  calls: Pick<Outgoing, "foreign" | "unresolved">;
}

/** Every function that the entry points reach, by path and place in the file. */
export function reach(entries: readonly EntryPoint[], index: ModuleIndex, knowledge: Knowledge): readonly Reached[] {
  const found = new Map<string, Found>();
  const known = new Map<string, Outgoing>();
  for (const entry of entries) walk(entry, { index, knowledge, found, known });
  return [...found.values()]
    .map((each) => ({ ...each, entries: [...each.entries].toSorted() }))
    .toSorted((a, b) => compare(a.fn.path, b.fn.path) || a.fn.node.span.line - b.fn.node.span.line);
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

interface Search {
  readonly index: ModuleIndex;
  readonly knowledge: Knowledge;
  readonly found: Map<string, Found>;
  readonly known: Map<string, Outgoing>;
}

function walk(entry: EntryPoint, { index, knowledge, found, known }: Search): void {
  const seen = new Set<string>();
  let level: readonly Edge[] = entry.starts;
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: Edge[] = [];
    for (const { fn, self } of level) {
      const module = index.module(fn.module);
      const runs = `${functionKey(fn)} on ${self === undefined ? "" : keyOf(self)}`;
      if (module === undefined || seen.has(runs) || !isWithin(fn.path, entry.within)) continue;
      seen.add(runs);
      const frame = openFrame(fn, module, self);
      const out = known.get(runs) ?? outgoing(frame, knowledge);
      if (!known.has(runs)) note(found, frame, out, depth);
      known.set(runs, out);
      const record = found.get(functionKey(fn));
      record?.entries.add(entry.name);
      if (record !== undefined) record.depth = Math.min(record.depth, depth);
      next.push(...out.edges);
    }
    level = next;
  }
}

function note(found: Map<string, Found>, frame: Frame, { foreign, unresolved }: Outgoing, depth: number): void {
  const key = functionKey(frame.fn);
  const earlier = found.get(key);
  earlier?.frames.push(frame);
  if (earlier !== undefined) return;
  found.set(key, { fn: frame.fn, frames: [frame], depth, entries: new Set(), calls: { foreign, unresolved } });
}
