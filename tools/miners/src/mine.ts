import { decodeValue, type PyValue, type Values } from "@lem/config/invariants";
import type { GapGroup } from "@lem/domain";
import type { EntryModel } from "./candidates/candidate.ts";
import { corpusTexts, type Mined, type MinedProfile } from "./emit/corpus-texts.ts";
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
import { SPREAD } from "./prove/sample-values.ts";
import { classSchemas } from "./schema/describe-classes.ts";
import { writeSchemas } from "./schema/write-schemas.ts";
import { shareOut } from "./share-out.ts";
import type { SourceTree } from "./source/source-tree.ts";
import { foldersOf } from "./probe/session.ts";
import { survey, type Survey } from "./take-ledger.ts";
import { sectionsOf } from "./targets/sections.ts";
import { inProfile, type Target, type TargetFunction } from "./targets/target.ts";

/** A kind of machine to mine for. */
export interface Machine {
  readonly profile: string;
  /** Whether the probe only pretends to run on it. */
  readonly isPretended: boolean;
  readonly transport: ProbeTransport;
}

/** What is mined, with what, and where the corpus goes. */
export interface MineRequest {
  readonly tree: SourceTree;
  readonly target: Target;
  /** The usual one first. */
  readonly machines: readonly [Machine, ...Machine[]];
  /** Folder of this engine version's corpus; null to write nothing. */
  readonly folder: string | null;
  readonly seed: number;
  /** Mines even what was mined from the same inputs. */
  readonly force: boolean;
  /** What runs showed and the rules did not know; each is tried again, and kept beside the rules. */
  readonly gaps: readonly GapGroup[];
  /** Only classes whose name ends so. */
  readonly only?: string | undefined;
  /** How many classes are proven at a time, each on a probe of its own; 1 unless told. */
  readonly jobs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of every class that is done. */
  readonly onEntry: (entry: MinedEntry, seconds: number, profile: string) => void;
}

/** What came of it; `unchanged` when a corpus of the same inputs lies there. */
export type MineOutcome =
  | { readonly kind: "unchanged" }
  | { readonly kind: "mined"; readonly mined: Mined; readonly gaps: readonly GapFinding[] };

/** How many inputs are tried for each candidate, and of each stratum over the whole class. */
const BUDGET = { positives: 40, negatives: 60, random: 1500 } as const;
/** Of a class that is tried with several folders. */
const FEWER = { positives: 60, negatives: 12 } as const;

/**
 * Mines one engine version: landmarks, ledger, walk, proof on the real classes, corpus.
 * @throws LemError `mine.*`, `worker.*`, `io.*`, `run.interrupted`; then no file is half written
 */
export async function mine(request: MineRequest): Promise<MineOutcome> {
  const { tree, target, folder, machines, seed, force, gaps } = request;
  const surveyed = await survey(tree, target);
  const [usual, ...others] = machines;
  return closing(await openProbeOn(request, surveyed, usual), async (probe): Promise<MineOutcome> => {
    const inputs = inputsHash({
      engine: target.engine,
      source: tree.origin.sha256,
      packages: probe.hello.packages,
      profile: machines.map(({ profile }) => profile).join(" "),
      seed,
      gaps,
    });
    if (!force && folder !== null && minedInputs(folder) === inputs) return { kind: "unchanged" };
    const { findings, ...first } = await mineProfile({ request, surveyed, machine: usual, probe });
    const profiles = [first];
    for (const machine of others) {
      const there = inProfile(target, machine.profile);
      const task = { request: { ...request, target: there }, surveyed: { ...surveyed, target: there }, machine };
      const opened = await openProbeOn(task.request, surveyed, machine);
      const { findings: _, ...more } = await closing(opened, (own) => mineProfile({ ...task, probe: own }));
      profiles.push(more);
    }
    const { ledger, index, order } = surveyed;
    const sections = sectionsOf(target, ledger.entries, { index, order });
    const { probedIn } = usual.transport;
    const mined = { ledger, profiles, sections, seed, inputs, ...(probedIn === undefined ? {} : { probedIn }) };
    if (folder !== null) {
      await keepGaps(folder, gaps, findings);
      await writeCorpus(folder, corpusTexts(mined));
      const which = { engine: target.engine, version: tree.origin.version, names: ledger.entries };
      await writeSchemas(folder, { target, transport: usual.transport }, await classSchemas(which, probe));
    }
    return { kind: "mined", mined, gaps: findings };
  });
}

async function closing<T>(probe: EngineProbe, work: (probe: EngineProbe) => Promise<T>): Promise<T> {
  try {
    return await work(probe);
  } finally {
    await probe.close();
  }
}

/** Functions have a probe of their own: it watches what the engine asks of the machine. */
function openProbeOn(
  { target, seed, signal }: MineRequest,
  { ledger }: Survey,
  { transport, functions = [] }: Pick<Machine, "transport"> & { readonly functions?: readonly TargetFunction[] },
): Promise<EngineProbe> {
  const files = Object.fromEntries(ledger.files.map(({ path, sha }) => [path, sha]));
  return openProbe({
    transport,
    package: target.root,
    files,
    landmarks: target.landmarks,
    functions,
    folders: foldersOf(target),
    seed,
    signal,
  });
}

interface ProfileTask {
  readonly request: MineRequest;
  readonly surveyed: Survey;
  readonly machine: Machine;
  readonly probe: EngineProbe;
}

async function mineProfile({
  request,
  surveyed,
  machine,
  probe,
}: ProfileTask): Promise<MinedProfile & { readonly findings: readonly GapFinding[] }> {
  const { target, only = "" } = request;
  const { ledger, index, order } = surveyed;
  const { profile, isPretended, transport } = machine;
  const { models, facts } = await entryModels(surveyed, probe, only);
  const functions = target.functions.filter(({ name }) => name.endsWith(only));
  const known: Values = new Map(Object.entries(facts));
  const sections = sectionsOf(target, ledger.entries, { index, order });
  const mineOne = async (model: EntryModel, asked: EngineProbe): Promise<TriedEntry> => {
    const started = performance.now();
    const gaps = gapsOf(model.entry, request.gaps, sections);
    const tried = await minedEntry(model, { request, surveyed, probe: asked, facts: known, gaps });
    request.onEntry(tried.mined, (performance.now() - started) / 1000, profile);
    return tried;
  };
  const openOne = (): Promise<EngineProbe> => openProbeOn(request, surveyed, machine);
  const tried = await withProbes([probe], (request.jobs ?? 1) - 1, openOne, (probes) =>
    shareOut(probes, models, mineOne),
  );
  const called = await tryFunctions(request, surveyed, { transport, functions }, (each, calling) =>
    mineOne(functionModel(each, index), calling),
  );
  const all = [...tried, ...called];
  const entries = all.map(({ mined }) => mined);
  const findings = all.flatMap((each) => each.findings);
  return { profile, isPretended, entries, facts: known, findings };
}

type Samples = ReadonlyMap<string, readonly PyValue[]>;

/** Samples of what are parameters in this version. */
const knownSamples = (samples: Samples, { parameters }: EntryModel): Samples =>
  new Map([...samples].filter(([name]) => parameters.some((each) => each.name === name)));

/** A class of one parameter has no others to vary: then its own values must be many. */
const spreadSamples = ({ parameters: [only, ...others] }: EntryModel): Samples | undefined =>
  only === undefined || others.length > 0 ? undefined : new Map([[only.name, SPREAD]]);

interface TriedEntry {
  readonly mined: MinedEntry;
  readonly findings: readonly GapFinding[];
}

/** Some more probes beside those that are open; they are closed at the end. */
async function withProbes<T>(
  open: readonly EngineProbe[],
  more: number,
  openOne: () => Promise<EngineProbe>,
  work: (probes: readonly EngineProbe[]) => Promise<T>,
): Promise<T> {
  if (more <= 0) return await work(open);
  return await closing(await openOne(), (probe) => withProbes([...open, probe], more - 1, openOne, work));
}

async function tryFunctions(
  request: MineRequest,
  surveyed: Survey,
  { transport, functions }: Pick<Machine, "transport"> & { readonly functions: readonly TargetFunction[] },
  tryOne: (each: TargetFunction, calling: EngineProbe) => Promise<TriedEntry>,
): Promise<readonly TriedEntry[]> {
  if (functions.length === 0) return [];
  return await closing(await openProbeOn(request, surveyed, { transport, functions }), (calling) =>
    shareOut([calling], functions, tryOne),
  );
}

interface Setting {
  readonly request: MineRequest;
  readonly surveyed: Survey;
  readonly probe: EngineProbe;
  readonly facts: Values;
  readonly gaps: readonly GapGroup[];
}

async function minedEntry(model: EntryModel, { request, surveyed, probe, facts, gaps }: Setting): Promise<TriedEntry> {
  const { target, seed } = request;
  const calls =
    entryClasses(target, surveyed.index, surveyed.order).find(({ name }) => name === model.entry)?.calls ?? [];
  const fixture = Object.entries(target.fixtures[model.entry] ?? {}).map(
    ([name, value]) => [name, decodeValue(value)] as const,
  );
  const sites = surveyed.ledger.sites;
  const called = target.functions.find(({ name }) => name === model.entry);
  const isSlow = target.classes.some(({ name, folder }) => name === model.entry && folder !== undefined);
  const { inputs } = target;
  const budget = {
    ...BUDGET,
    ...(inputs === undefined ? {} : { random: inputs }),
    ...(isSlow ? FEWER : {}),
    ...(called === undefined ? {} : { random: called.inputs }),
  };
  const samples = called === undefined ? spreadSamples(model) : knownSamples(samplesOf(called), model);
  const walked = { model, calls, sites, facts, fixture: new Map(fixture), samples, seed, budget };
  const { task, findings } = await withGaps(walked, gaps, probe);
  const proof = await proveEntry(task, probe);
  const supplied = fixture.map(([name]) => name);
  return { mined: { model: { ...task.model, supplied }, proof, reduced: reduce(target.engine, proof) }, findings };
}
