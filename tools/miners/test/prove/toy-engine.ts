import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePredicate } from "@lem/config/invariants";
import type { Candidate, EntryModel } from "../../src/candidates/candidate.ts";
import type { Ledger, LedgerSite } from "../../src/ledger/ledger.ts";
import { takeLedger } from "../../src/take-ledger.ts";
import { memoryTree } from "../memory-tree.ts";
import type { SourceTree } from "../../src/source/source-tree.ts";
import type { Target, TargetCall } from "../../src/targets/target.ts";

/** Folder of our own small engine. */
export const TOY_FOLDER: string = join(import.meta.dirname, "engine");

const FILES = ["toyengine/__init__.py", "toyengine/settings.py"];
const CODE = "toyengine/settings.py";

/** Its calls after construction: a strict one refuses what else is only said. */
export const TOY_CALLS: readonly TargetCall[] = [{ method: "check", keywords: { strict: true }, severity: "warn" }];

/** How the small engine is mined. */
export const TOY_TARGET: Target = {
  engine: "transformers",
  packages: ["toyengine"],
  root: "toyengine",
  classes: [
    { name: "toyengine.Settings", calls: TOY_CALLS },
    { name: "toyengine.Strict", calls: [] },
  ],
  families: [],
  functions: [],
  sections: { generation: "toyengine.Settings" },
  landmarks: [],
  fixtures: {},
  env: {},
  stand_ins: null,
  late: null,
  profiles: {},
  keeps: [],
};

/** Its source, with some files changed. */
export function toyTree(changes: Readonly<Record<string, (text: string) => string>> = {}): SourceTree {
  const texts = FILES.map((path) => {
    const text = readFileSync(join(TOY_FOLDER, path), "utf8");
    return [path, changes[path]?.(text) ?? text] as const;
  });
  return memoryTree(Object.fromEntries(texts));
}

/** The ledger of the small engine. */
export const toyLedger = (): Promise<Ledger> => takeLedger(toyTree(), TOY_TARGET);

/** A candidate at the only site of a kind on the line that holds a text. */
export function candidateAt(
  sites: readonly LedgerSite[],
  text: string,
  rest: Pick<Candidate, "outcome"> & Partial<Candidate> & { readonly on: unknown },
): Candidate {
  const line =
    readFileSync(join(TOY_FOLDER, CODE), "utf8")
      .split("\n")
      .findIndex((each) => each.includes(text)) + 1;
  const site = sites.find((each) => each.line === line && each.kind !== "implicit");
  if (site === undefined) throw new Error(`no site at ${text}`);
  const { on, ...own } = rest;
  return {
    entry: "toyengine.Settings",
    origin: "static_walk",
    place: { kind: "site", site: site.id, path: site.path, qualname: site.qualname, line },
    stage: 0,
    when: parsePredicate(on),
    shadowedBy: [],
    ...own,
  };
}

const REFUSED = { kind: "error", exception: "ValueError" } as const;

const DEFAULTS = { beams: 1, share: null, mode: "fast", sample: false, stops: null, seed: null };

const STOPS = { ite: [{ type: [{ f: "stops" }, "str"] }, [{ f: "stops" }], { f: "stops" }] };

/** What a right walk would say of the small engine's settings. */
export function rightCandidates(sites: readonly LedgerSite[]): readonly Candidate[] {
  const at = (text: string, on: unknown, more: Partial<Candidate> = {}): Candidate =>
    candidateAt(sites, text, { outcome: REFUSED, on, ...more });
  const said = sites.filter(({ kind }) => kind === "log").map(({ id }) => id);
  const refused = sites
    .filter(({ kind, qualname }) => kind === "raise" && qualname.endsWith("check"))
    .map(({ id }) => id);
  const shareIssue = { all: [{ is: [{ f: "sample" }, false] }, { notNone: { f: "share" } }] };
  const modeIssue = { all: [{ eq: [{ f: "mode" }, "exact"] }, { eq: [{ f: "beams" }, 1] }] };
  return [
    at('ValueError("beams")', { lt: [{ f: "beams" }, 1] }),
    at('ValueError("share")', {
      all: [{ notNone: { f: "share" } }, { not: { between: [{ f: "share" }, 0, 1, "(]"] } }],
    }),
    at('ValueError("mode")', { notIn: [{ f: "mode" }, { tuple: ["fast", "slow", "exact"] }] }),
    at('ValueError("both")', { all: [{ gt: [{ f: "beams" }, 4] }, { truthy: { f: "sample" } }] }),
    at('ValueError("stops")', {
      all: [{ notNone: { f: "stops" } }, { some: { in: STOPS, as: "s", that: { not: { v: "s" } } } }],
    }),
    at('issues["share"]', shareIssue, { outcome: { kind: "warn" }, shownAt: said }),
    at('issues["mode"]', modeIssue, { outcome: { kind: "warn" }, shownAt: said }),
    at('issues["share"]', shareIssue, { stage: 1, shownAt: refused }),
    at('issues["mode"]', modeIssue, { stage: 1, shownAt: refused }),
    at(
      "self.seed = None",
      { eq: [{ f: "seed" }, -1] },
      {
        outcome: { kind: "normalise", field: "seed", to: parsePredicate(null) },
      },
    ),
    at(
      "self.stops = [self.stops]",
      { type: [{ f: "stops" }, "str"] },
      {
        outcome: { kind: "normalise", field: "stops", to: parsePredicate([{ f: "stops" }]) },
      },
    ),
  ];
}

/** A model of the settings with given candidates. */
export const toyModel = (candidates: readonly Candidate[]): EntryModel => ({
  entry: "toyengine.Settings",
  parameters: Object.entries(DEFAULTS).map(([name, usual]) => ({ name, default: parsePredicate(usual) })),
  unknownKeys: "accept",
  candidates,
  effective: {
    seed: parsePredicate({ ite: [{ eq: [{ f: "seed" }, -1] }, null, { f: "seed" }] }),
    stops: parsePredicate(STOPS),
  },
  findings: [],
});

/** Its sites alone. */
export const toySites = async (): Promise<readonly LedgerSite[]> => (await toyLedger()).sites;
