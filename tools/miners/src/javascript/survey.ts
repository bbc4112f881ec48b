import { decodeValue, type Expr } from "@lem/config/invariants";
import { canonicalJson, sha256 } from "@lem/domain";
import { predicate } from "../walk/expr/conditions.ts";
import { constant, FALSE } from "../walk/expr/intern.ts";
import { unknownIn } from "../walk/recorder.ts";
import type { Candidate, EntryModel, SiteFinding } from "../candidates/candidate.ts";
import type { Ledger, LedgerSite } from "../ledger/ledger.ts";
import type { EngineProbe } from "../probe/open-probe.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { declaredKeys, describeOptions } from "./declarations.ts";
import { readContracts, type NativeContracts } from "./native/contracts.ts";
import { PackageIndex } from "./package-index.ts";
import { reachedSites, type ReachedSite } from "./reach.ts";
import type { JavaScriptTarget, OptionsTarget } from "./target.ts";
import { LiveBook, type LiveResolver } from "./walk/live-book.ts";
import type { FoundPlace } from "./walk/recorder.ts";
import { walkOptions, type WalkedOptions } from "./walk/walk-entry.ts";

/** A package, read. */
export interface PackageSurvey {
  readonly target: JavaScriptTarget;
  readonly tree: SourceTree;
  readonly index: PackageIndex;
  readonly contracts: NativeContracts;
}

/** What a package says of its options: the places, and what holds at each. */
export interface SurveyedOptions {
  readonly ledger: Ledger;
  readonly models: readonly EntryModel[];
  /** By options, when native code is handed a number that is none. */
  readonly notNumbers: ReadonlyMap<string, readonly Expr[]>;
}

/** Reads a package. */
export function openPackage(target: JavaScriptTarget, tree: SourceTree): PackageSurvey {
  const index = new PackageIndex(tree);
  index.readAll(`${target.package}/${target.program}/`);
  return { target, tree, index, contracts: readContracts(tree) };
}

/** Answers for a walk without an installed engine. */
const NOBODY: LiveResolver = (paths) =>
  Promise.resolve(paths.map(() => ({ kind: "raises", exception: "no engine is installed" })));

/** Walks all options of a package; values of the running engine are asked of a probe, where there is one. */
export async function surveyOptions(
  survey: PackageSurvey,
  probe?: Pick<EngineProbe, "resolve">,
): Promise<SurveyedOptions> {
  const { target, tree, index } = survey;
  const resolve: LiveResolver = probe === undefined ? NOBODY : (paths) => probe.resolve(paths);
  const walked = new Map<string, { readonly options: OptionsTarget; readonly found: WalkedOptions; book: LiveBook }>();
  for (const options of target.options) {
    const book = new LiveBook(target.machine);
    const keys = new Set(declaredKeys(tree, options).map(({ name }) => name));
    const found = await book.settle(
      () => walkOptions({ ...survey, stands: target.stands, keys }, options, book),
      resolve,
    );
    if (found !== undefined) walked.set(options.name, { options, found, book });
  }
  const reached = reachedSites(index, target);
  const sites = ledgerSites(
    tree,
    reached,
    [...walked].map(([entry, { found }]) => [entry, found] as const),
  );
  const ledger = ledgerOf(survey, [...sites.values()], reached);
  const models = [...walked.values()].map(({ options, found, book }) =>
    modelOf(tree, options, { found, facts: book.facts, sites }),
  );
  const notNumbers = new Map([...walked].map(([name, { found }]) => [name, [...found.recorder.notNumbers]] as const));
  return { ledger, models, notNumbers };
}

type EntryWalk = readonly [entry: string, found: WalkedOptions];

/** The sites by the key under which walk and reach know them. */
type Sites = ReadonlyMap<string, LedgerSite>;

/** Every place that a walk met, and every refusal that is written in a function that options may reach. */
function ledgerSites(tree: SourceTree, reached: ReadonlyMap<string, ReachedSite>, walks: readonly EntryWalk[]): Sites {
  const all = new Map<string, { readonly place: ReachedSite | FoundPlace; readonly entries: Set<string> }>();
  const add = (key: string, place: ReachedSite | FoundPlace, entry: string): void => {
    const known = all.get(key) ?? { place, entries: new Set<string>() };
    known.entries.add(entry);
    all.set(key, known);
  };
  for (const [key, place] of reached) for (const entry of place.entries) add(key, place, entry);
  for (const [entry, { recorder }] of walks) for (const [key, place] of recorder.found) add(key, place, entry);
  const seen = new Map<string, number>();
  const sorted = [...all].toSorted(([, a], [, b]) => byPlace(a.place, b.place));
  return new Map(
    sorted.map(([key, { place, entries }]) => {
      const { path, qualname, line, column, kind, operator, depth } = place;
      const name = canonicalJson([path, qualname, kind, operator]);
      const ordinal = seen.get(name) ?? 0;
      seen.set(name, ordinal + 1);
      const own = { path, qualname, line, column, sha: tree.read(path)?.sha256 ?? "", depth, kind, operator };
      const id = sha256(`${name}#${ordinal}`).slice(0, 12);
      const condition = { digest: sha256(name).slice(0, 16), guards: 0 };
      const site: LedgerSite = {
        ...own,
        id,
        condition,
        entries: [...entries].toSorted(),
        bucket: "opaque",
        reason: "not-walked",
      };
      return [key, site] as const;
    }),
  );
}

type Place = Pick<LedgerSite, "path" | "line" | "column" | "kind">;

const byPlace = (a: Place, b: Place): number =>
  a.path === b.path ? a.line - b.line || a.column - b.column || (a.kind < b.kind ? -1 : 1) : a.path < b.path ? -1 : 1;

function ledgerOf(
  { target, tree }: PackageSurvey,
  sites: readonly LedgerSite[],
  reached: ReadonlyMap<string, ReachedSite>,
): Ledger {
  const paths = [...new Set(sites.map(({ path }) => path))].toSorted();
  return {
    schema_version: 1,
    engine: target.engine as Ledger["engine"],
    source: tree.origin,
    entries: target.options.map(({ name }) => name).toSorted(),
    functions: {
      reached: new Set([...reached.values()].map(({ path, qualname }) => `${path} ${qualname}`)).size,
      foreign_calls: 0,
      unresolved_calls: 0,
    },
    files: paths.map((path) => ({ path, sha: tree.read(path)?.sha256 ?? "", troubles: [] })),
    sites,
  };
}

interface Findings {
  readonly found: WalkedOptions;
  readonly facts: EntryModel["facts"];
  readonly sites: Sites;
}

function modelOf(tree: SourceTree, options: OptionsTarget, { found, facts, sites }: Findings): EntryModel {
  const { name } = options;
  const candidates = [...found.recorder.found].flatMap(([key, place]) =>
    candidateOf(name, [sites.get(key)?.id ?? "", place], sites),
  );
  const description = describeOptions(tree, options);
  return {
    entry: name,
    parameters: description.parameters.map((parameter) => ({
      name: parameter.name,
      default: constant(parameter.default === undefined ? null : decodeValue(parameter.default)),
    })),
    unknownKeys: "accept",
    candidates,
    effective: found.effective,
    findings: [...sites.values()]
      .filter(({ entries }) => entries.includes(name))
      .map((site) => findingOf(site, candidates, found)),
    facts: facts ?? {},
  };
}

function candidateOf(entry: string, [id, place]: readonly [string, FoundPlace], sites: Sites): readonly Candidate[] {
  const when = predicate(place.when);
  const isNative = place.kind === "implicit" && place.operator === "foreign";
  if (when === FALSE || isNative) return [];
  const { path, qualname, line, exception, shownAt } = place;
  return [
    {
      entry,
      origin: "static_walk",
      place: { kind: "site", site: id, path, qualname, line },
      stage: 0,
      outcome: { kind: "error", exception },
      when,
      shadowedBy: [],
      ...(shownAt.size === 0 ? {} : { shownAt: [...shownAt].flatMap((key) => sites.get(key)?.id ?? []) }),
    },
  ];
}

function findingOf(site: LedgerSite, candidates: readonly Candidate[], { recorder }: WalkedOptions): SiteFinding {
  const own = candidates.find(({ place }) => place.kind === "site" && place.site === site.id);
  if (own !== undefined) {
    const open = unknownIn(own.when);
    return open === undefined
      ? { site: site.id, status: "candidate", reason: "translated" }
      : { site: site.id, status: "unknown", reason: open };
  }
  if (site.operator === "foreign") return { site: site.id, status: "unknown", reason: "native code" };
  const walked = recorder.hasEntered(site.path, site.qualname);
  return {
    site: site.id,
    status: walked ? "needs-fact" : "unreachable",
    reason: walked ? "never-on-a-path" : "not-called",
  };
}
