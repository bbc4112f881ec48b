import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LemError } from "@lem/domain";
import { loadCorpus, type RuleSet } from "@lem/config/corpus";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { Ledger } from "../ledger/ledger.ts";
import { openEngine } from "../probe/open-engine.ts";
import type { EngineProbe } from "../probe/open-probe.ts";
import { bothOf, observe, type Observations } from "../score/judge-classes.ts";
import { clustersText, scorecardText } from "../score/report.ts";
import { score } from "../score/score.ts";
import { scoredFunctions } from "../score/scored-functions.ts";
import { scoredClasses, type ScoredClass } from "../score/sample/subjects.ts";
import { writtenCalls } from "../score/sample/upstream.ts";
import { pythonParser } from "../syntax/parse.ts";
import { inProfile, profilesOf, usualProfile, type Target } from "../targets/target.ts";
import { isJavaScript } from "../javascript/target-file.ts";
import { scoreOptionsCommand, type ScoreOptionsChoice } from "./score-options.ts";
import { readOptions, sourceOf, targetAndVersion, WHICH, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `score {--engine E | --target FILE} --engine-version V [--n N] [--seed S] [--profile P] [--entry NAME] [--python FILE | --image NAME] [--source DIR]
      [--tests DIR] [--corpora DIR] [--no-write] [--worst K] [--json]
  --n N          configurations of each class and stratum; a family of classes shares them (5000)
  --seed S       other seeds draw other configurations (20261122)
  --profile P    for this kind of machine of the target's, into a scorecard of its own (the usual one)
  --entry NAME   only classes whose name ends so; then nothing is written
  --python FILE  an interpreter that has the engine; the one that lem installed unless told
  --image NAME   a docker image that has the engine: the probe runs in a container
  --target FILE  the target of a package that is no engine of lem
  --source DIR   a folder that holds the package, instead of the package index
  --tests DIR    Python files, such as the engine's own tests: what they give the classes is tried too, and variations
  --corpora DIR  where the rules lie, and the scorecard is written (corpora)
  --no-write     leave the scorecard as it is
  --worst K      how many causes of disagreement to print (12)
  --json         print the scorecard as JSON
`;

const OPTIONS = {
  ...WHICH,
  n: { type: "string", default: "5000" },
  seed: { type: "string", default: "20261122" },
  profile: { type: "string" },
  entry: { type: "string", default: "" },
  python: { type: "string" },
  image: { type: "string" },
  source: { type: "string" },
  tests: { type: "string" },
  corpora: { type: "string", default: join(import.meta.dirname, "../../../../corpora") },
  "no-write": { type: "boolean", default: false },
  worst: { type: "string", default: "12" },
  json: { type: "boolean", default: false },
} as const;

/** Holds the rules of an engine version against the engine itself, on configurations drawn without reading the rules. */
export const scoreCommand: MinerCommand = { usage: USAGE, run };

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>;

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const values = readOptions(argv, OPTIONS, USAGE);
  if (values.engine !== undefined && isJavaScript(values.engine))
    return await scoreOptionsCommand(choiceOf(values), io);
  const { target, engine, version } = targetAndVersion(values, USAGE);
  const seed = wholeNumber(values.seed, "--seed");
  const rules = await rulesOf(target, values.corpora, version);
  if (rules === undefined)
    throw new LemError("config.corpus-missing", `there are no rules of ${engine} ${version} in ${values.corpora}`, {
      hint: `mine them first: pnpm mine --engine ${engine} --engine-version ${version}`,
    });
  const ledger = readLedger(join(values.corpora, engine, version, "ledger.json"));
  const profile = profileOf(target, values.profile);
  const observations = await tried(inProfile(target, profile), { values, version, profile, io, ledger });
  const older = await olderRules(target, values.corpora, version);
  const { card, clusters } = score({
    engine,
    version,
    profile,
    seed,
    observations,
    rules,
    older,
    ledger,
  });
  const whole = values.entry === "" && !values["no-write"];
  if (whole)
    await writeFileAtomic(
      join(values.corpora, engine, version, cardName(target, profile)),
      `${JSON.stringify(card, null, 1)}\n`,
    );
  io.out(values.json ? `${JSON.stringify(card, null, 1)}\n` : scorecardText(card));
  io.err(clustersText(clusters, wholeNumber(values.worst, "--worst")));
  return 0;
}

/** The profile that is asked for. @throws LemError `cli.usage` for one that the target has not */
function profileOf(target: Target, asked: string | undefined): string {
  const known = profilesOf(target).map(({ name }) => name);
  if (asked === undefined) return usualProfile(target);
  if (known.includes(asked)) return asked;
  throw new LemError("cli.usage", `${target.engine} is not mined for ${asked}`, {
    hint: `its profiles: ${known.join(", ")}`,
  });
}

const cardName = (target: Target, profile: string): string =>
  profile === usualProfile(target) ? "scorecard.json" : `scorecard-${profile}.json`;

/** The same of an engine that is a package for Node. */
const choiceOf = (values: Values): ScoreOptionsChoice => ({
  engine: values.engine ?? "",
  version: values["engine-version"],
  source: values.source,
  corpora: values.corpora,
  count: wholeNumber(values.n, "--n"),
  seed: wholeNumber(values.seed, "--seed"),
  entry: values.entry,
  writes: values.entry === "" && !values["no-write"],
  worst: wholeNumber(values.worst, "--worst"),
  json: values.json,
});

interface Trial {
  readonly values: Values;
  readonly version: string;
  readonly profile: string;
  readonly io: MinerIo;
  readonly ledger: Ledger | undefined;
}

async function tried(target: Target, { values, version, profile, io, ledger }: Trial): Promise<Observations> {
  const tree = await sourceOf({ target, version, source: values.source }, io);
  const { python, image, source } = values;
  const { env, signal } = io;
  const engine = { target, version, profile, source, python, image, env, signal, ledger };
  const asked = ({ subject }: ScoredClass): boolean => subject.entry.endsWith(values.entry);
  const size = { count: wholeNumber(values.n, "--n"), seed: wholeNumber(values.seed, "--seed") };
  const ofClasses = await closing(await openEngine(engine, []), async (probe) => {
    const classes = (await scoredClasses(target, tree, probe)).filter(asked);
    const names = classes.map(({ subject }) => subject.entry);
    const calls = values.tests === undefined ? [] : writtenCalls(values.tests, names, await pythonParser());
    return await observe(classes, probe, { ...size, calls });
  });
  const functions = (await scoredFunctions(target, tree)).filter(asked);
  if (functions.length === 0) return ofClasses;
  const ofFunctions = await closing(await openEngine(engine, target.functions), (probe) =>
    observe(functions, probe, size),
  );
  return bothOf(ofClasses, ofFunctions);
}

async function closing<T>(probe: EngineProbe, work: (probe: EngineProbe) => Promise<T>): Promise<T> {
  try {
    return await work(probe);
  } finally {
    await probe.close();
  }
}

/** The places that were mined, and the hashes of their files: another source must not be scored. */
const readLedger = (file: string): Ledger | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Ledger) : undefined;

async function rulesOf({ engine }: Target, root: string, version: string): Promise<RuleSet | undefined> {
  const found = await loadCorpus(engine, { root, version });
  return found.status === "exact" ? found.rules : undefined;
}

/** Rules of versions before this one, which are held against it unchanged. */
async function olderRules(target: Target, root: string, version: string): Promise<Readonly<Record<string, RuleSet>>> {
  const versions = readdirSync(join(root, target.engine)).filter(
    (other) => other.localeCompare(version, "en", { numeric: true }) < 0,
  );
  const found = await Promise.all(versions.map(async (each) => [each, await rulesOf(target, root, each)] as const));
  return Object.fromEntries(found.flatMap(([each, rules]) => (rules === undefined ? [] : [[each, rules] as const])));
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new LemError("cli.usage", `${option} needs a whole number, not ${JSON.stringify(text)}`, { hint: USAGE });
}
