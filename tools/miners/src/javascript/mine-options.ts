import { join } from "node:path";
import type { Values } from "@lem/config/invariants";
import type { GapGroup } from "@lem/domain";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { EntryModel } from "../candidates/candidate.ts";
import { corpusTexts, type Mined } from "../emit/corpus-texts.ts";
import { inputsHash } from "../emit/inputs-hash.ts";
import type { MinedEntry } from "../emit/reviewed.ts";
import { minedInputs, writeCorpus } from "../emit/write-corpus.ts";
import type { GapFinding } from "../gaps/gap-candidates.ts";
import { keepGaps } from "../gaps/gap-file.ts";
import { gapsOf, withGaps } from "../gaps/with-gaps.ts";
import type { MineOutcome } from "../mine.ts";
import type { EngineProbe } from "../probe/open-probe.ts";
import type { Probe } from "../probe/protocol.ts";
import { proveEntry, type EntryProof, type ProofTask } from "../prove/prove-entry.ts";
import { reduce } from "../prove/reduce.ts";
import { CLASSES_FILE, classesText, classSchemas } from "../schema/describe-classes.ts";
import { builtValues } from "./built-values.ts";
import { declaredKeys, describeOptions } from "./declarations.ts";
import { enumerated } from "./enumerate.ts";
import type { FoundPackage } from "./find-package.ts";
import { notNumbers } from "./not-numbers.ts";
import { agreed, isLearned, openOptionsProbes, remembering, sparing, withEnough } from "./options-probe.ts";
import { openPackage, surveyOptions, type PackageSurvey, type SurveyedOptions } from "./survey.ts";
import type { JavaScriptTarget, OptionsTarget } from "./target.ts";

/** What is mined of a package for Node, and where the corpus goes. */
export interface OptionsMineRequest {
  readonly target: JavaScriptTarget;
  readonly found: FoundPackage;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of this version's corpus; null to write nothing. */
  readonly folder: string | null;
  readonly seed: number;
  readonly force: boolean;
  readonly gaps: readonly GapGroup[];
  /** Only options whose name ends so. */
  readonly only?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEntry: (entry: MinedEntry, seconds: number, profile: string) => void;
}

/** The kind of machine that everything is tried on: one without an accelerator. */
const PROFILE = "cpu";

/** Rounds in which the proof may learn what no candidate said; each place gives one condition a round. */
const ROUNDS = 2;

/**
 * Mines a package for Node: landmarks, ledger, walk, proof in a running engine, corpus.
 * @throws LemError `mine.*`, `worker.*`, `model.*`, `io.*`, `run.interrupted`; then no file is half written
 */
export async function mineOptions(request: OptionsMineRequest): Promise<MineOutcome> {
  const { target, found, folder, force } = request;
  const survey = openPackage(target, found.tree);
  const files = Object.fromEntries((await surveyOptions(survey)).ledger.files.map(({ path, sha }) => [path, sha]));
  const probes = await openOptionsProbes({ ...request, files });
  try {
    const [first] = probes;
    const inputs = hashOf(request, first);
    if (!force && folder !== null && minedInputs(folder) === inputs) return { kind: "unchanged" };
    const surveyed = await surveyOptions(survey, first);
    const { entries, facts, findings } = await minedEntries(request, { survey, surveyed, probes });
    const profile = { profile: PROFILE, isPretended: false, entries, facts };
    const { ledger } = surveyed;
    const mined: Mined = { ledger, profiles: [profile], sections: target.sections, seed: request.seed, inputs };
    if (folder !== null) await write(folder, { request, mined, findings });
    return { kind: "mined", mined, gaps: findings };
  } finally {
    for (const probe of probes) await probe.close();
  }
}

const hashOf = ({ target, found, seed, gaps }: OptionsMineRequest, { hello }: EngineProbe): string =>
  inputsHash({
    engine: target.engine,
    source: found.tree.origin.sha256,
    packages: hello.packages,
    profile: PROFILE,
    seed,
    gaps,
  });

interface Work {
  readonly survey: PackageSurvey;
  readonly surveyed: SurveyedOptions;
  readonly probes: readonly [EngineProbe, ...EngineProbe[]];
}

async function minedEntries(
  request: OptionsMineRequest,
  work: Work,
): Promise<{
  readonly entries: readonly MinedEntry[];
  readonly facts: Values;
  readonly findings: readonly GapFinding[];
}> {
  const { target, only = "" } = request;
  const facts: Values = new Map(work.surveyed.models.flatMap((model) => Object.entries(model.facts ?? {})));
  const entries: MinedEntry[] = [];
  const findings: GapFinding[] = [];
  for (const options of target.options.filter(({ name }) => name.endsWith(only))) {
    const model = work.surveyed.models.find(({ entry }) => entry === options.name);
    if (model === undefined) continue;
    const started = performance.now();
    const mined = await minedEntry(request, work, { options, model, facts });
    entries.push(mined.entry);
    findings.push(...mined.findings);
    request.onEntry(mined.entry, (performance.now() - started) / 1000, PROFILE);
  }
  return { entries, facts, findings };
}

interface One {
  readonly options: OptionsTarget;
  readonly model: EntryModel;
  readonly facts: Values;
}

async function minedEntry(
  { target, found, seed, gaps }: OptionsMineRequest,
  { surveyed, probes }: Work,
  { options, model, facts }: One,
): Promise<{ readonly entry: MinedEntry; readonly findings: readonly GapFinding[] }> {
  const { sites } = surveyed.ledger;
  const judgeOf = (probe: EngineProbe): Probe => withEnough(remembering(probe), { findings: model.findings, sites });
  const [first, ...others] = probes;
  const judge = judgeOf(first);
  const judges = [judge, ...others.map(judgeOf)];
  const keys = declaredKeys(found.tree, options);
  const { candidates: listed, deadly, samples } = await enumerated({ model, keys, sites }, judges);
  const conditions = surveyed.notNumbers.get(model.entry) ?? [];
  const more = [...listed, ...(await notNumbers({ model, conditions, sites, facts }, judges))];
  const walked: ProofTask = {
    model: { ...model, candidates: [...model.candidates, ...more] },
    calls: [],
    sites,
    facts,
    fixture: new Map(),
    built: new Map([...builtValues(keys), ...samples]),
    seed,
    budget: { positives: 32, negatives: 32, random: options.inputs },
  };
  const { task, findings } = await withGaps(walked, gapsOf(model.entry, gaps, target.sections), judge);
  const all = agreed(judge, judges.slice(1));
  const { proof, model: whole } = await provenInRounds(task, sparing(all, deadly));
  return { entry: { model: whole, proof, reduced: reduce(target.engine, proof) }, findings };
}

/** What one round learned is a candidate in the next, so that a place with several reasons tells them all. */
async function provenInRounds(
  task: ProofTask,
  probe: Parameters<typeof proveEntry>[1],
): Promise<{ readonly proof: EntryProof; readonly model: EntryModel }> {
  let { model } = task;
  for (let round = 1; ; round += 1) {
    const proof = await proveEntry({ ...task, model }, probe);
    const known = new Set(model.candidates);
    const learned = proof.proven
      .map(({ claim }) => claim.candidate)
      .filter((each) => isLearned(each) && !known.has(each));
    if (learned.length === 0 || round >= ROUNDS) return { proof, model };
    model = { ...model, candidates: [...model.candidates, ...learned] };
  }
}

interface Written {
  readonly request: OptionsMineRequest;
  readonly mined: Mined;
  readonly findings: readonly GapFinding[];
}

async function write(folder: string, { request, mined, findings }: Written): Promise<void> {
  const { target, found, gaps } = request;
  await keepGaps(folder, gaps, findings);
  await writeCorpus(folder, corpusTexts(mined));
  const described = target.options.map((options) => describeOptions(found.tree, options));
  const names = described.map(({ entry }) => entry);
  const which = { engine: target.engine, version: found.tree.origin.version, names };
  const schemas = await classSchemas(which, { describe: () => Promise.resolve(described) });
  await writeFileAtomic(join(folder, CLASSES_FILE), classesText(schemas));
}
