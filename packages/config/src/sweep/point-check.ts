import { fingerprint, LemError } from "@lem/domain";
import { checkAdapterPaths } from "../adapter-paths.ts";
import type { ChangedField } from "../corpus/section.ts";
import { effectiveIdentity } from "../effective-identity.ts";
import type { ResolvedExperiment } from "../experiment.ts";
import type { ResolveOptions } from "../resolve.ts";
import { inputTokens, resolveExperiment } from "../resolved-experiment.ts";
import { checkRules } from "../rules.ts";
import { checkWritten } from "../schema/check.ts";
import { isLoadSection } from "../schema/engine-sections.ts";
import type { ParsedExperiment } from "../schema/experiment.ts";
import { engineSections, workerSections, type EngineSections } from "../sections.ts";
import { emptyMap, entryOf, withEntries, type Entry, type Located, type MapNode } from "../yaml/located.ts";
import { NativeCheck, type NativeKnowledge } from "./native-check.ts";
import { keysOf, WHOLE, withoutKeys, type Depth } from "./pending.ts";
import { firstRefusal, type Refusal } from "./refusal.ts";

/** What a point comes to: what would run, and what identifies it. */
export interface CheckedPoint {
  readonly id: string;
  readonly effectiveId: string;
  readonly loadKey: string;
  /** Amount of work: points of one load and one amount could be served by the same load of any engine. */
  readonly workKey: string;
  readonly changed: readonly ChangedField[];
  readonly model: string;
  /** Output tokens of all measured windows. */
  readonly outputTokens: number;
}

/** A place in a walk: what is set so far, and what that was before the last level. */
export interface Place {
  readonly root: MapNode;
  /** Undefined at the start. */
  readonly before: MapNode | undefined;
  readonly depth: number;
}

const OWN_PARTS = ["schema_version", "name", "preset", "engine", "model", "workload", "measurement"] as const;

/**
 * Checks points of one engine as they come into being: each part when its keys are decided, so that a refusal holds for
 * all points that share them. What was found of a part is remembered with it.
 */
export class PointCheck {
  readonly #known: NativeKnowledge;
  readonly #options: ResolveOptions;
  readonly #depths: readonly Depth[];
  readonly #native: NativeCheck;
  readonly #sections = new WeakMap<MapNode, EngineSections>();
  readonly #parts = new Map<string, WeakMap<Located, ParsedPart | Refusal>>();

  constructor(known: NativeKnowledge, options: ResolveOptions, depths: readonly Depth[]) {
    this.#known = known;
    this.#options = options;
    this.#depths = depths;
    this.#native = new NativeCheck(known);
  }

  /** The first thing wrong with what the last level decided; at the start with all that no level sets. */
  refusal(place: Place): Refusal | undefined {
    const depth = this.#depths[place.depth] as Depth;
    return this.#ownRefusal(place.root, depth) ?? this.#nativeRefusal(place, depth);
  }

  /** Checks what needs the whole point, and identifies it. */
  complete(root: MapNode): CheckedPoint | Refusal {
    const { engine } = this.#known;
    const parsed = this.#parse(root);
    if ("rule" in parsed) return parsed;
    const sections = this.#sectionsOf(root);
    const findings = [
      ...checkRules({ parsed, engine, input_tokens: inputTokens(parsed.workload) }),
      ...sections.findings,
      ...checkAdapterPaths(root, this.#options),
    ];
    const refused = firstRefusal(findings);
    if (refused !== undefined) return refused;
    const experiment = resolveExperiment({ parsed, root, sections, options: this.#options });
    const readings = [...sections.merged].map(([name, node]) => this.#native.reading(name, node));
    const changed = readings.flatMap((each) => each.changed);
    const neutral = readings.flatMap((each) => each.neutral);
    const { name: _, ...identity } = experiment;
    const id = fingerprint(identity);
    const isPlain = changed.length === 0 && neutral.length === 0 && experiment.floats === undefined;
    const effectiveId = isPlain ? id : fingerprint(effectiveIdentity(experiment, { changed, neutral }));
    return { id, effectiveId, loadKey: loadKeyOf(experiment), changed, ...workOf(experiment) };
  }

  #ownRefusal(root: MapNode, { pending, newly }: Depth): Refusal | undefined {
    for (const part of OWN_PARTS) {
      const entry = root.entries.get(part);
      if (entry === undefined || (newly !== undefined && !newly.has(part))) continue;
      const open = keysOf(pending, part);
      if (open.has(WHOLE)) continue;
      const node = entry.value.kind === "map" ? withoutKeys(entry.value, open) : entry.value;
      const refused = firstRefusal(checkWritten(withEntries(root, [[part, { key: entry.key, value: node }]])).findings);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  #nativeRefusal({ root, before, depth }: Place, { pending, newly }: Depth): Refusal | undefined {
    const { engine } = this.#known;
    const sections = this.#sectionsOf(root);
    const old = before === undefined ? undefined : this.#sectionsOf(before);
    for (const name of sections.merged.keys()) {
      if (newly !== undefined && !newly.has(`${engine}.${name}`)) continue;
      const isNew = old !== undefined && !old.merged.has(name);
      const refused = this.#native.refusal(name, sections, { pending, newly, depth, isNew });
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  #sectionsOf(root: MapNode): EngineSections {
    const node = entryOf(root, this.#known.engine)?.value;
    if (node?.kind !== "map") return engineSections(root, this.#known.engine);
    const known = this.#sections.get(node) ?? engineSections(root, this.#known.engine);
    this.#sections.set(node, known);
    return known;
  }

  /** The experiment after its own checks. */
  #parse(root: MapNode): ParsedExperiment | Refusal {
    const parts: Record<string, unknown> = { ...defaults() };
    for (const [name, entry] of root.entries) {
      const part = this.#part(name, entry, root);
      if ("rule" in part) return part;
      parts[name] = part.value;
    }
    return parts as unknown as ParsedExperiment;
  }

  /** One part, checked once for all points that share it. */
  #part(name: string, entry: Entry, root: MapNode): ParsedPart | Refusal {
    const known = this.#parts.get(name) ?? new WeakMap<Located, ParsedPart | Refusal>();
    this.#parts.set(name, known);
    const found = known.get(entry.value);
    if (found !== undefined) return found;
    const { parsed, findings } = checkWritten(withEntries(root, [[name, entry]]));
    const part = parsed === undefined ? firstRefusal(findings) : { value: parsed[name as keyof ParsedExperiment] };
    if (part === undefined) throw new LemError("internal.bug", `${name} is refused without a finding`);
    known.set(entry.value, part);
    return part;
  }
}

let usual: ParsedExperiment | undefined;

/** What holds when nothing is written. */
function defaults(): ParsedExperiment | undefined {
  usual ??= checkWritten(emptyMap("default")).parsed;
  return usual;
}

interface ParsedPart {
  readonly value: unknown;
}

/** The model with its work, and the output that is measured of it. */
export const workOf = ({
  model,
  workload,
  measurement,
}: ResolvedExperiment): Pick<CheckedPoint, "model" | "outputTokens" | "workKey"> => ({
  model,
  outputTokens: measurement.windows * workload.n * workload.output_tokens,
  workKey: `${workload.concurrency}x${workload.batch_size} ${workload.input_tokens}+${workload.output_tokens}`,
});

/** What a load of the model is made with. */
function loadKeyOf(experiment: ResolvedExperiment): string {
  const { engine, model, workload } = experiment;
  const sections = Object.entries(workerSections(experiment)).filter(([name]) => isLoadSection(engine, name));
  return fingerprint({ engine, model, seed: workload.seed, sections: Object.fromEntries(sections) });
}
