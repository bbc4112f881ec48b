import { join } from "node:path";
import { decodeValue, type Values } from "@lem/config/invariants";
import type { GapGroup } from "@lem/domain";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { EntryModel } from "./candidates/candidate.ts";
import { corpusTexts, type Mined } from "./emit/corpus-texts.ts";
import { inputsHash } from "./emit/inputs-hash.ts";
import type { MinedEntry } from "./emit/reviewed.ts";
import { minedInputs, writeCorpus } from "./emit/write-corpus.ts";
import { entryModels } from "./entry-models.ts";
import type { GapFinding } from "./gaps/gap-candidates.ts";
import { keepGaps } from "./gaps/gap-file.ts";
import { gapsOf, withGaps } from "./gaps/with-gaps.ts";
import { functionModel, samplesOf } from "./functions/function-model.ts";
import { entryClasses } from "./graph/entry-points.ts";
import { openProbe, type EngineProbe } from "./probe/open-probe.ts";
import type { ProbeTransport } from "./probe/transport.ts";
import { proveEntry } from "./prove/prove-entry.ts";
import { reduce } from "./prove/reduce.ts";
import { CLASSES_FILE, classesText, classSchemas } from "./schema/describe-classes.ts";
import type { SourceTree } from "./source/source-tree.ts";
import { survey, type Survey } from "./take-ledger.ts";
import { sectionsOf } from "./targets/sections.ts";
import type { Target, TargetFunction } from "./targets/target.ts";

/** What is mined, with what, and where the corpus goes. */
export interface MineRequest {
  readonly tree: SourceTree;
  readonly target: Target;
  readonly transport: ProbeTransport;
  /** Folder of this engine version's corpus; null to write nothing. */
  readonly folder: string | null;
  readonly profile: string;
  readonly seed: number;
  /** Mines even what was mined from the same inputs. */
  readonly force: boolean;
  /** What runs showed and the rules did not know; each is tried again, and kept beside the rules. */
  readonly gaps: readonly GapGroup[];
  /** Only classes whose name ends so. */
  readonly only?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of every class that is done. */
  readonly onEntry: (entry: MinedEntry, seconds: number) => void;
}

/** What came of it; `unchanged` when a corpus of the same inputs lies there. */
export type MineOutcome =
  | { readonly kind: "unchanged" }
  | { readonly kind: "mined"; readonly mined: Mined; readonly gaps: readonly GapFinding[] };

/** How many inputs are tried for each candidate, and of each stratum over the whole class. */
const BUDGET = { positives: 40, negatives: 60, random: 1500 } as const;

/**
 * Mines one engine version: landmarks, ledger, walk, proof on the real classes, corpus.
 * @throws LemError `mine.*`, `worker.*`, `io.*`, `run.interrupted`; then no file is half written
 */
export async function mine(request: MineRequest): Promise<MineOutcome> {
  const { tree, target, folder, profile, seed, force, gaps } = request;
  const surveyed = await survey(tree, target);
  const probe = await openProbeOn(request, surveyed);
  try {
    const inputs = inputsHash({
      engine: target.engine,
      source: tree.origin.sha256,
      packages: probe.hello.packages,
      profile,
      seed,
      gaps,
    });
    if (!force && folder !== null && minedInputs(folder) === inputs) return { kind: "unchanged" };
    const { findings, ...rest } = await mineEntries(request, surveyed, probe);
    const mined = { ...rest, profile, seed, inputs };
    if (folder !== null) {
      await keepGaps(folder, gaps, findings);
      await writeCorpus(folder, corpusTexts(mined));
      const which = { engine: target.engine, version: tree.origin.version, names: surveyed.ledger.entries };
      await writeFileAtomic(join(folder, CLASSES_FILE), classesText(await classSchemas(which, probe)));
    }
    return { kind: "mined", mined, gaps: findings };
  } finally {
    await probe.close();
  }
}

/** Functions have a probe of their own: it watches what the engine asks of the machine. */
function openProbeOn(
  { target, transport, seed, signal }: MineRequest,
  { ledger }: Survey,
  functions: readonly TargetFunction[] = [],
): Promise<EngineProbe> {
  const files = Object.fromEntries(ledger.files.map(({ path, sha }) => [path, sha]));
  return openProbe({
    transport,
    package: target.root,
    files,
    landmarks: target.landmarks,
    functions,
    seed,
    signal,
  });
}

async function mineEntries(
  request: MineRequest,
  surveyed: Survey,
  probe: EngineProbe,
): Promise<Pick<Mined, "ledger" | "entries" | "facts" | "sections"> & { readonly findings: readonly GapFinding[] }> {
  const { target, only = "" } = request;
  const { ledger, index, order } = surveyed;
  const { models, facts } = await entryModels(surveyed, probe, only);
  const functions = target.functions.filter(({ name }) => name.endsWith(only));
  const known: Values = new Map(Object.entries(facts));
  const sections = sectionsOf(target, ledger.entries, { index, order });
  const entries: MinedEntry[] = [];
  const findings: GapFinding[] = [];
  const mineOne = async (model: EntryModel, asked: EngineProbe): Promise<void> => {
    const started = performance.now();
    const gaps = gapsOf(model.entry, request.gaps, sections);
    const { mined, ...tried } = await minedEntry(model, { request, surveyed, probe: asked, facts: known, gaps });
    entries.push(mined);
    findings.push(...tried.findings);
    request.onEntry(mined, (performance.now() - started) / 1000);
  };
  for (const model of models) await mineOne(model, probe);
  if (functions.length > 0) {
    const calling = await openProbeOn(request, surveyed, functions);
    try {
      for (const each of functions) await mineOne(functionModel(each, index), calling);
    } finally {
      await calling.close();
    }
  }
  return { ledger, entries, facts: known, sections, findings };
}

interface Setting {
  readonly request: MineRequest;
  readonly surveyed: Survey;
  readonly probe: EngineProbe;
  readonly facts: Values;
  readonly gaps: readonly GapGroup[];
}

async function minedEntry(
  model: EntryModel,
  { request, surveyed, probe, facts, gaps }: Setting,
): Promise<{ readonly mined: MinedEntry; readonly findings: readonly GapFinding[] }> {
  const { target, seed } = request;
  const calls =
    entryClasses(target, surveyed.index, surveyed.order).find(({ name }) => name === model.entry)?.calls ?? [];
  const fixture = Object.entries(target.fixtures[model.entry] ?? {}).map(
    ([name, value]) => [name, decodeValue(value)] as const,
  );
  const sites = surveyed.ledger.sites;
  const called = target.functions.find(({ name }) => name === model.entry);
  const budget = { ...BUDGET, random: called?.inputs ?? BUDGET.random };
  const named = new Set(model.parameters.map(({ name }) => name));
  const samples =
    called === undefined ? undefined : new Map([...samplesOf(called)].filter(([name]) => named.has(name)));
  const walked = { model, calls, sites, facts, fixture: new Map(fixture), samples, seed, budget };
  const { task, findings } = await withGaps(walked, gaps, probe);
  const proof = await proveEntry(task, probe);
  return { mined: { model: task.model, proof, reduced: reduce(target.engine, proof) }, findings };
}
