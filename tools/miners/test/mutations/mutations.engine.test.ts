import { rmSync } from "node:fs";
import type { RuleSet } from "@lem/config/corpus";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Candidate, EntryModel } from "../../src/candidates/candidate.ts";
import { entryModels, type EntryModels } from "../../src/entry-models.ts";
import { entryClasses } from "../../src/graph/entry-points.ts";
import { openProbe, type EngineProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import { observe } from "../../src/score/judge-classes.ts";
import { scoredClasses } from "../../src/score/sample/subjects.ts";
import { truthOf } from "../../src/score/truth.ts";
import { folderTree } from "../../src/source/folder.ts";
import { everyNodeOf } from "../../src/syntax/inside.ts";
import type { Stmt } from "../../src/syntax/statements.ts";
import type { Survey } from "../../src/take-ledger.ts";
import { targetOf } from "../../src/targets/targets.ts";
import { installedEngine } from "../installed-engine.ts";
import { choose, mutationsOf, textOf } from "./mutate.ts";
import { proposedRules } from "./proposed-rules.ts";
import { SourceCopy, type Placed } from "./source-copy.ts";
import { findWitness, foretold, rootsOf, type Fate, type Keywords } from "./witness.ts";

const ENGINE = "transformers";
const installed = installedEngine(ENGINE);
const WANTED = 40;
const SEED = 11;

/** What is proposed of some classes of a source. */
interface Proposal {
  readonly surveyed: Survey;
  readonly models: ReadonlyMap<string, EntryModel>;
  readonly rules: RuleSet;
}

async function propose(surveyed: Survey, probe: EngineProbe, entries: readonly string[]): Promise<Proposal> {
  const found: EntryModels[] = [];
  for (const entry of entries) found.push(await entryModels(surveyed, probe, entry));
  const models = found.flatMap((each) => each.models);
  const all = { models, facts: Object.assign({}, ...found.map(({ facts }) => facts)) as EntryModels["facts"] };
  const classes = entryClasses(surveyed.target, surveyed.index, surveyed.order);
  const rules = proposedRules(surveyed.target, classes, all);
  return { surveyed, models: new Map(models.map((model) => [model.entry, model])), rules };
}

/** Classes that accept anything at all here: where a package is missing, a class may refuse whatever it is given. */
async function acceptingClasses(surveyed: Survey, probe: EngineProbe, folder: string): Promise<readonly string[]> {
  const { target } = surveyed;
  const tree = folderTree({ folder, package: ENGINE, version: "", root: target.root });
  const { observed } = await observe(await scoredClasses(target, tree, probe), probe, { count: 60, seed: SEED });
  return [...new Set(observed.filter(({ truth }) => !truth.refused).map(({ sample }) => sample.entry))];
}

/** Every mutation of a condition that directly guards a place which the proposal knows, in groups of one condition. */
function possible({ surveyed, models }: Proposal, copy: SourceCopy): readonly (readonly Placed[])[] {
  const known = new Map<string, Set<string>>();
  for (const { entry, candidates } of models.values())
    for (const { place } of candidates) {
      const key = place.kind === "site" ? `${place.path}:${place.line}` : "";
      known.set(key, (known.get(key) ?? new Set()).add(entry));
    }
  return surveyed.index.read.flatMap(({ path, parsed }) => {
    if (![...known.keys()].some((key) => key.startsWith(`${path}:`))) return [];
    const text = textOf(copy.text(path));
    const isKnown = ({ span }: Stmt): boolean => known.has(`${path}:${span.line}`);
    return [...everyNodeOf(parsed.body)].map((node) =>
      mutationsOf(node as Stmt, text, isKnown).map((each) => {
        const entries = new Set(each.lines.flatMap((line) => [...(known.get(`${path}:${line}`) ?? [])]));
        return { ...each, path, entries: [...entries] };
      }),
    );
  });
}

/** Lots in which no class is changed twice: a broken check hides all that come behind it. */
function lots(mutations: readonly Placed[]): readonly (readonly Placed[])[] {
  const found: Placed[][] = [];
  for (const mutation of mutations) {
    const isFree = (lot: readonly Placed[]): boolean =>
      lot.every(({ entries }) => !entries.some((entry) => mutation.entries.includes(entry)));
    const lot = found.find(isFree);
    if (lot === undefined) found.push([mutation]);
    else lot.push(mutation);
  }
  return found;
}

const at = (model: EntryModel | undefined, { path, lines }: Placed): readonly Candidate[] =>
  model?.candidates.filter(({ place }) => place.kind === "site" && place.path === path && lines.includes(place.line)) ??
  [];

/** Has the pools hold a text that a look-up by name finds; no condition does. */
const isAttributeName = (path: string): Candidate["when"] => ({
  op: "eq",
  args: [
    { op: "field", path },
    { op: "const", value: "float16" },
  ],
});

/** A configuration that the mutation gives another fate, by what is proposed before and after. */
function witnessOf(mutation: Placed, before: Proposal, after: Proposal): Keywords | undefined {
  const [entry = ""] = mutation.entries;
  const [old, now] = [before.models.get(entry), after.models.get(entry)];
  const roots = rootsOf([...at(old, mutation), ...at(now, mutation)].map(({ when }) => when));
  const near = [...(old?.candidates ?? []), ...(now?.candidates ?? [])].map(({ when }) => when);
  const related = near.filter((when) => rootsOf([when]).some((root) => roots.includes(root)));
  const needed = (old?.parameters ?? []).flatMap(({ name, default: usual }) => (usual === undefined ? [name] : []));
  const all = [...new Set([...roots, ...needed])];
  return findWitness({ all, needed }, [...related, ...roots.map(isAttributeName)], (keywords) => {
    const [first, second] = [before, after].map(({ rules }) => foretold(rules, entry, keywords));
    return first !== second;
  });
}

async function fateOf(entry: string, keywords: Keywords, { surveyed }: Proposal, probe: EngineProbe): Promise<Fate> {
  const classes = entryClasses(surveyed.target, surveyed.index, surveyed.order);
  const calls = classes.find(({ name }) => name === entry)?.calls ?? [];
  const plain = calls.map(({ method, keywords: given }) => ({ method, keywords: given }));
  const [answer] = await probe.run([{ id: 0, entry, keywords, calls: plain }]);
  const truth = truthOf(answer ?? { id: 0, kind: "lost", reason: "exited" }, { keywords, calls });
  if (truth.kind !== "known") throw new Error(`${entry} ${JSON.stringify(keywords)}: ${truth.kind}`);
  return truth.refused ? "refused" : truth.noticed ? "noticed" : "accepted";
}

/** Undefined where the proposal moved as the engine did; else what was seen. */
async function trouble(
  mutation: Placed,
  [before, after]: readonly [Proposal, Proposal],
  probe: EngineProbe,
): Promise<string | undefined> {
  const [entry = ""] = mutation.entries;
  const place = `${mutation.path}:${mutation.at.line} ${mutation.what}`;
  const keywords = witnessOf(mutation, before, after);
  if (keywords === undefined) return `${place}: the proposal did not move`;
  const real = await fateOf(entry, keywords, after, probe);
  const said = foretold(after.rules, entry, keywords);
  const isSame = real === said || (real !== "refused" && said !== "refused" && isAbout(mutation, after, "error"));
  return isSame ? undefined : `${place}: ${JSON.stringify(keywords)} is ${real}, foretold ${said}`;
}

/** True where the place refuses and does nothing else; what else a value goes through is not its business. */
const isAbout = (mutation: Placed, { models }: Proposal, kind: "error"): boolean =>
  at(models.get(mutation.entries[0] ?? ""), mutation).every(({ outcome }) => outcome.kind === kind);

describe.skipIf(installed === undefined)("a source that was changed a little", () => {
  it(`moves the proposed rules as it moves the engine, for ${WANTED} changes [needs python3]`, async () => {
    if (installed === undefined) return;
    const target = targetOf(ENGINE);
    const copy = new SourceCopy(target, installed);
    onTestFinished(() => rmSync(copy.folder, { recursive: true }));
    const env = { ...target.env, PYTHONPATH: copy.folder };
    const open = (): Promise<EngineProbe> =>
      openProbe({
        transport: processTransport({ python: installed.python, env }),
        package: target.root,
        files: {},
        landmarks: [],
      });

    const surveyed = await copy.survey();
    const first = await open();
    const before = await propose(surveyed, first, await acceptingClasses(surveyed, first, copy.folder));
    await first.close();
    const chosen = choose(possible(before, copy), WANTED, SEED) as readonly Placed[];
    expect(chosen).toHaveLength(WANTED);
    expect(new Set(chosen.map(({ what }) => what.split(":")[0]))).toEqual(new Set(["bound", "operator", "guard"]));

    const troubles: (string | undefined)[] = [];
    for (const lot of lots(chosen)) {
      copy.restore(chosen.map(({ path }) => path));
      copy.write(lot);
      const probe = await open();
      const entries = lot.flatMap((each) => each.entries.slice(0, 1));
      const after = await propose(await copy.survey(), probe, entries);
      for (const mutation of lot) troubles.push(await trouble(mutation, [before, after], probe));
      await probe.close();
    }
    expect(troubles).toHaveLength(WANTED);
    expect(troubles.filter((each) => each !== undefined)).toEqual([]);
  }, 900_000);
});
