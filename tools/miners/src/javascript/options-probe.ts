import type { Recipe } from "../../probe/node/child.ts";
import type { Candidate, SiteFinding } from "../candidates/candidate.ts";
import { openProbe, type EngineProbe } from "../probe/open-probe.ts";
import { nodeTransport } from "../probe/node-transport.ts";
import type { Probe, ProbeAnswer, ProbeRequest } from "../probe/protocol.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { FoundPackage } from "./find-package.ts";
import { modelFiles } from "./model-files.ts";
import type { JavaScriptTarget } from "./target.ts";

/** What a probe of options is opened for. */
export interface OptionsProbeRequest {
  readonly target: JavaScriptTarget;
  readonly found: FoundPackage;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** SHA-256 by path of the files that were mined. */
  readonly files?: Readonly<Record<string, string>>;
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What one configuration may take: native code is not waited for for ever. */
const LIMITS = { seconds: 5, memoryBytes: 1 << 30 } as const;

/** A probe on each of the target's models, the first one first. @throws LemError `worker.*`, `mine.*`, `model.*` */
export async function openOptionsProbes(
  request: OptionsProbeRequest,
): Promise<readonly [EngineProbe, ...EngineProbe[]]> {
  const { target, env } = request;
  const [first = "", ...others] = await modelFiles(target, env);
  const opened: [EngineProbe, ...EngineProbe[]] = [await openOn(request, first)];
  for (const file of others) opened.push(await openOn(request, file));
  return opened;
}

function openOn({ target, found, files = {}, seed, signal }: OptionsProbeRequest, model: string): Promise<EngineProbe> {
  const recipe: Recipe = {
    folder: found.folder,
    main: target.main,
    name: target.package,
    files: { model },
    contents: target.files,
    start: target.start,
    restore: target.restore,
    entries: Object.fromEntries(target.options.map(({ name, recipe: own }) => [name, own])),
  };
  return openProbe({
    transport: nodeTransport(recipe),
    package: target.package,
    files,
    landmarks: target.landmarks,
    limits: LIMITS,
    signal,
    ...(seed === undefined ? {} : { seed }),
  });
}

/** A probe that remembers: a later round of learning asks mostly what the one before it did. */
export function remembering(probe: Probe): Probe {
  const known = new Map<string, ProbeAnswer>();
  const keyOf = ({ entry, keywords, report }: ProbeRequest): string => JSON.stringify([entry, keywords, report]);
  const run = async (requests: readonly ProbeRequest[]): Promise<readonly ProbeAnswer[]> => {
    const fresh = new Map(requests.filter((each) => !known.has(keyOf(each))).map((each) => [keyOf(each), each]));
    const asked = [...fresh.values()];
    const answers = asked.length === 0 ? [] : await probe.run(asked);
    for (const [place, each] of asked.entries()) known.set(keyOf(each), answers[place] as ProbeAnswer);
    return requests.map((each) => ({ ...(known.get(keyOf(each)) as ProbeAnswer), id: each.id }));
  };
  return { hello: probe.hello, run, close: () => probe.close() };
}

/** A key with a value of which alone the engine died, tagged, and how it did. */
export interface Deadly {
  readonly name: string;
  readonly value: unknown;
  readonly answer: ProbeAnswer;
}

/** Deaths that are seen before others are taken for granted: each costs the start of an engine. */
const MOST_DEATHS = 36;

/**
 * A probe that does not let the engine die for ever: once it died of all of many configurations with a value that it dies
 * of alone, the others with such a value count as the same.
 */
export function sparing(probe: Probe, deadly: readonly Deadly[]): Probe {
  let deaths = 0;
  let isCertain = true;
  const deadlyIn = ({ keywords }: ProbeRequest): Deadly | undefined =>
    deadly.find(({ name, value }) => name in keywords && JSON.stringify(keywords[name]) === JSON.stringify(value));
  const run = async (requests: readonly ProbeRequest[]): Promise<readonly ProbeAnswer[]> => {
    const isSpared = new Map(
      requests.map((each) => [each, deadlyIn(each) !== undefined && (deaths += 1) > MOST_DEATHS]),
    );
    const asked = requests.filter((each) => !isCertain || isSpared.get(each) !== true);
    const answers = new Map((asked.length === 0 ? [] : await probe.run(asked)).map((each) => [each.id, each]));
    const survived = asked.filter((each) => deadlyIn(each) !== undefined && isReturned(answers.get(each.id)));
    if (survived.length > 0) isCertain = false;
    return requests.map((each) => answers.get(each.id) ?? { ...(deadlyIn(each) as Deadly).answer, id: each.id });
  };
  return { hello: probe.hello, run, close: () => probe.close() };
}

const isReturned = (answer: ProbeAnswer | undefined): boolean =>
  answer?.kind === "done" && answer.stages[0]?.outcome === "returned";

/** What the walk came to, for telling a refusal of options from one for want of something. */
export interface WalkedPlaces {
  readonly findings: readonly SiteFinding[];
  readonly sites: readonly LedgerSite[];
}

/**
 * A probe that gives no answer where the engine refuses at a place that no machine with enough of everything reaches:
 * that tells of this machine alone.
 */
export function withEnough(probe: Probe, { findings, sites }: WalkedPlaces): Probe {
  const wanting = new Set(findings.filter(({ status }) => status === "needs-fact").map(({ site }) => site));
  const lines = new Set(
    sites.filter(({ id, kind }) => kind === "raise" && wanting.has(id)).map(({ path, line }) => `${path}:${line}`),
  );
  const judged = (answer: ProbeAnswer): ProbeAnswer => {
    const frame = answer.kind === "done" ? answer.stages[0]?.exception?.frames[0] : undefined;
    const isWanting = frame !== undefined && lines.has(`${frame.path}:${frame.line}`);
    return isWanting ? { id: answer.id, kind: "unconstructible", reason: "the machine lacks something" } : answer;
  };
  return {
    hello: probe.hello,
    run: async (requests) => (await probe.run(requests)).map(judged),
    close: () => probe.close(),
  };
}

/**
 * A probe that gives no answer where one model refuses what another one takes: that hangs on the model. Deaths are not
 * asked for twice; what all models die of is known by then.
 */
export function agreed(probe: Probe, others: readonly Probe[]): Probe {
  const run = async (requests: readonly ProbeRequest[]): Promise<readonly ProbeAnswer[]> => {
    const answers = await probe.run(requests);
    const refused = new Set(answers.filter(isRefused).map(({ id }) => id));
    const left = requests.filter(({ id }) => refused.has(id));
    const taken = new Set<number>();
    for (const other of left.length === 0 ? [] : others)
      for (const answer of await other.run(left)) if (isReturned(answer)) taken.add(answer.id);
    return answers.map((answer) =>
      taken.has(answer.id) ? { id: answer.id, kind: "unconstructible", reason: "models differ" } : answer,
    );
  };
  return { hello: probe.hello, run, close: () => probe.close() };
}

function isRefused(answer: ProbeAnswer): boolean {
  const exception = answer.kind === "done" ? answer.stages[0]?.exception : undefined;
  return exception !== undefined && exception !== null && !exception.type.startsWith("SIG");
}

/** Requests of one turn, of a length that divides no usual number of keys. */
const TURN = 97;

/** A probe that tries configurations on all models in turns. */
export function inTurns(probes: readonly [Probe, ...Probe[]]): Pick<Probe, "run"> {
  const placeOf = (at: number): number => (at + Math.floor(at / TURN)) % probes.length;
  const run = async (requests: readonly ProbeRequest[]): Promise<readonly ProbeAnswer[]> => {
    const answers = new Map<number, ProbeAnswer>();
    for (const [place, probe] of probes.entries()) {
      const own = requests.filter((_, at) => placeOf(at) === place);
      for (const answer of await probe.run(own)) answers.set(answer.id, answer);
    }
    return requests.map(({ id }) => answers.get(id) as ProbeAnswer);
  };
  return { run };
}

/** The places of candidates that were found by trying. */
export const isLearned = ({ origin }: Candidate): boolean => origin === "probe";
