import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LemError } from "@lem/domain";
import { loadCorpus, type RuleSet } from "@lem/config/corpus";
import { isJavaScript } from "../javascript/target-file.ts";
import { entryClasses } from "../graph/entry-points.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ClassOrder } from "../modules/class-order.ts";
import { ModuleIndex } from "../modules/module-index.ts";
import { openEngine } from "../probe/open-engine.ts";
import { replayClass, type ReplayedClass, type ReplayedRule } from "../replay/replay.ts";
import { pythonParser } from "../syntax/parse.ts";
import { profilesOf, type Target } from "../targets/target.ts";
import { replayOptions } from "./replay-options.ts";
import { readOptions, sourceOf, targetAndVersion, WHICH, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `replay {--engine E | --target FILE} --engine-version V [--python FILE | --image NAME] [--source DIR] [--corpora DIR] [--json]
  --target FILE  the target of a package that is no engine of lem
  --python FILE  an interpreter that has the engine; the one that lem installed unless told
  --image NAME   a docker image that has the engine: the probe runs in a container
  --source DIR   a folder that holds the package, instead of the package index
  --corpora DIR  where the rules lie (corpora)
  --json         print what became of each rule
`;

const OPTIONS = {
  ...WHICH,
  python: { type: "string" },
  image: { type: "string" },
  source: { type: "string" },
  corpora: { type: "string", default: join(import.meta.dirname, "../../../../corpora") },
  json: { type: "boolean", default: false },
} as const;

/** Tries each rule of a corpus on the engine again, and fails when the engine contradicts one. */
export const replayCommand: MinerCommand = { usage: USAGE, run };

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>;

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const values = readOptions(argv, OPTIONS, USAGE);
  const { engine, "engine-version": version, source, corpora } = values;
  const isNode = engine !== undefined && version !== undefined && isJavaScript(engine);
  const found = isNode ? await replayOptions({ engine, version, source, corpora }, io) : await replayTarget(values, io);
  if (found === undefined)
    throw new LemError(
      "config.corpus-missing",
      `there are no rules of ${engine ?? values.target} ${version} in ${values.corpora}`,
      {
        hint: `mine them first: pnpm mine --engine ${engine} --engine-version ${version}`,
      },
    );
  if (values.json) io.out(`${JSON.stringify(found, null, 1)}\n`);
  else
    for (const [profile, all] of Object.entries(found))
      io.out(replayText(`${engine ?? values.target} ${version}, ${profile}`, all));
  return Object.values(found).some((all) => all.some(({ outcome }) => outcome === "contradicted")) ? 1 : 0;
}

/** In each kind of machine; undefined where there are no rules. */
async function replayTarget(
  values: Values,
  io: MinerIo,
): Promise<Readonly<Record<string, readonly ReplayedRule[]>> | undefined> {
  const { target, engine, version } = targetAndVersion(values, USAGE);
  const known = await loadCorpus(engine, { root: values.corpora, version });
  if (known.status !== "exact") return undefined;
  const replayed: Record<string, readonly ReplayedRule[]> = {};
  for (const { name } of profilesOf(target))
    replayed[name] = await replayAll(known.rules, { target, version, profile: name, values, io });
  return replayed;
}

interface Replay {
  readonly target: Target;
  readonly version: string;
  readonly profile: string;
  readonly values: Values;
  readonly io: MinerIo;
}

/** The classes in one probe; functions in one of their own, which watches what the engine asks of the machine. */
async function replayAll(rules: RuleSet, replay: Replay): Promise<readonly ReplayedRule[]> {
  const { target, version, profile, values, io } = replay;
  const functions = target.functions.map(({ name }): ReplayedClass => ({ entry: name, calls: [] }));
  const called = new Set(functions.map(({ entry }) => entry));
  const classes = (await callsOf(replay)).filter(({ entry }) => !called.has(entry) && rules.entries.includes(entry));
  const file = join(values.corpora, target.engine, version, "ledger.json");
  const ledger = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Ledger) : undefined;
  const { python, image, source } = values;
  const { env, signal } = io;
  const replayed: ReplayedRule[] = [];
  for (const [part, named] of [
    [classes, []],
    [functions, target.functions],
  ] as const) {
    if (part.length === 0) continue;
    const probe = await openEngine({ target, version, profile, source, python, image, env, signal, ledger }, named);
    try {
      for (const each of part) replayed.push(...(await replayClass(rules, each, { probe, profile })));
    } finally {
      await probe.close();
    }
  }
  return replayed;
}

async function callsOf({ target, version, values, io }: Replay): Promise<readonly ReplayedClass[]> {
  const tree = await sourceOf({ target, version, source: values.source }, io);
  const index = new ModuleIndex(tree, await pythonParser());
  return entryClasses(target, index, new ClassOrder(index)).map(({ name, calls }) => ({ entry: name, calls }));
}

function replayText(name: string, replayed: readonly ReplayedRule[]): string {
  const count = (outcome: ReplayedRule["outcome"]): number =>
    replayed.filter((each) => each.outcome === outcome).length;
  const contradicted = replayed.filter(({ outcome }) => outcome === "contradicted");
  return [
    `${name}: ${replayed.length} rules tried again: ${count("confirmed")} confirmed, ${count("elsewhere")} behind another refusal, ` +
      `${count("untried")} without an example, ${contradicted.length} contradicted`,
    ...contradicted.map(({ id, input }) => `  ${id} ${JSON.stringify(input)}`),
    "",
  ].join("\n");
}
