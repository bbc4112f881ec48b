import { canonicalJson, type JsonObject } from "./fingerprint.ts";
import type { EngineId } from "./ids.ts";

/** A place in an engine's source; the path counts from the folder that holds its package. */
export interface SourcePlace {
  readonly path: string;
  readonly qualname: string;
  /** From 1. */
  readonly line: number;
}

interface GapCase {
  /** Native section of the configuration: `generation`. */
  readonly section: string;
  /** Public class that the rules of the section are on; null where there are none. */
  readonly entry: string | null;
  /** Keys that the engine named; all that were given where it named none. */
  readonly fields: readonly string[];
  /** The section as it went to the engine, values tagged, so that the case can be tried again. */
  readonly given: JsonObject;
  /** Where in its source the engine did it; null where that was not seen. */
  readonly place: SourcePlace | null;
}

/** The engine raised an exception of a class, although no rule refused the configuration. */
export type RefusedGap = GapCase & { readonly kind: "refused"; readonly exception: string };
/** The engine issued a warning of a class, or a log record (null), that no rule foresaw. */
export type WarnedGap = GapCase & { readonly kind: "warned"; readonly exception: string | null };
/** The engine holds other values than given, and than the rules foresaw. */
export type ChangedGap = GapCase & {
  readonly kind: "changed";
  readonly exception: null;
  /** What it reported, by field. */
  readonly effective: JsonObject;
};

/** What an engine did to a configuration that its rules had passed: what the rules do not know yet. */
export type ConfigGap = RefusedGap | WarnedGap | ChangedGap;

/** The kinds of {@link ConfigGap}, the gravest first. */
export const CONFIG_GAP_KINDS = ["refused", "changed", "warned"] as const;

/** True for a gap of the rules; the others are gaps between samples. */
export const isConfigGap = (gap: { readonly kind: "samples" } | ConfigGap): gap is ConfigGap => gap.kind !== "samples";

/** The same gap over results. */
export interface GapGroup {
  readonly engine: EngineId;
  readonly engine_version: string;
  readonly kind: ConfigGap["kind"];
  readonly section: string;
  readonly entry: string | null;
  readonly fields: readonly string[];
  readonly place: SourcePlace | null;
  readonly exception: string | null;
  /** Results that have it. */
  readonly count: number;
  /** Sections that showed it, each once, at most {@link MOST_EXAMPLES}. */
  readonly examples: readonly JsonObject[];
}

/** Examples that a group keeps. */
export const MOST_EXAMPLES = 20;

/** What {@link groupGaps} reads of a result. */
export interface ResultWithGaps {
  readonly engine: { readonly name: EngineId; readonly version: string };
  readonly gaps: readonly ({ readonly kind: "samples" } | ConfigGap)[];
}

/**
 * Groups the gaps of results: one engine version, kind, class, place and list of fields is one gap. The gravest come
 * first, and of these the most frequent.
 */
export function groupGaps(results: readonly ResultWithGaps[]): readonly GapGroup[] {
  const groups = new Map<string, GapGroup>();
  for (const { engine, gaps } of results) {
    const seen = new Set<string>();
    for (const gap of gaps) {
      if (!isConfigGap(gap)) continue;
      const { kind, section, entry, fields, place, exception } = gap;
      const about = { kind, section, entry, fields, place, exception };
      const group = { engine: engine.name, engine_version: engine.version, ...about, count: 0, examples: [] };
      const key = canonicalJson(group);
      groups.set(key, withExample(groups.get(key) ?? group, gap.given, !seen.has(key)));
      seen.add(key);
    }
  }
  return [...groups.values()].toSorted((a, b) => gravity(a) - gravity(b) || b.count - a.count);
}

const gravity = ({ kind }: GapGroup): number => CONFIG_GAP_KINDS.indexOf(kind);

function withExample(group: GapGroup, given: JsonObject, isNewResult: boolean): GapGroup {
  const { examples, count } = group;
  const text = canonicalJson(given);
  const known = examples.length >= MOST_EXAMPLES || examples.some((example) => canonicalJson(example) === text);
  return { ...group, count: count + Number(isNewResult), examples: known ? examples : [...examples, given] };
}
