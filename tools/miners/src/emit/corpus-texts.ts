import { sealCorpus, type CorpusProfile } from "@lem/config/corpus";
import { encodeValue, printTaggedYaml, type Values } from "@lem/config/invariants";
import { canonicalJson, type JsonValue } from "@lem/domain";
import type { Ledger } from "../ledger/ledger.ts";
import { ofFinding, ofRefuted, withBuckets, type SiteResult } from "../prove/buckets.ts";
import type { SectionEntries } from "../targets/sections.ts";
import { compileCorpus, type ReviewedCorpus } from "./corpus-file.ts";
import { marked, mergedEntries } from "./merge-profiles.ts";
import { contradicted, proposed, quarantined, refutedEffective, reviewedEntry, type MinedEntry } from "./reviewed.ts";

/** What came of one fact profile. */
export interface MinedProfile {
  readonly profile: string;
  /** Whether the machine was only pretended. */
  readonly isPretended: boolean;
  readonly entries: readonly MinedEntry[];
  readonly facts: Values;
}

/** All that one mining of an engine version gave. */
export interface Mined {
  readonly ledger: Ledger;
  /** What came of each kind of machine, the usual one first. */
  readonly profiles: readonly MinedProfile[];
  /** The version in whose environment it was probed, where there was none of this one. */
  readonly probedIn?: string;
  readonly sections: Readonly<Record<string, SectionEntries>>;
  readonly seed: number;
  readonly inputs: string;
}

/** The files of a corpus, by name. */
export type CorpusTexts = Readonly<
  Record<
    "invariants.proposed.yaml" | "invariants.validated.yaml" | "quarantine.yaml" | "ledger.json" | "invariants.json",
    string
  >
>;

const HEAD = "# Written by pnpm mine; reviewed, never edited.\n";

const yaml = (content: unknown): string => `${HEAD}${printTaggedYaml(content as JsonValue)}`;

/** The content of all files; the compiled rules are made from the text of the reviewed ones. */
export function corpusTexts(mined: Mined): CorpusTexts {
  const { ledger, profiles } = mined;
  const which = { schema_version: 1, engine: ledger.engine, engine_version: ledger.source.version };
  const sites = new Map(ledger.sites.map((site) => [site.id, site]));
  const validated = yaml(reviewedCorpus(mined));
  const ofAll = (items: (entry: MinedEntry) => readonly Item[]): readonly Item[] =>
    marked(
      profiles.map(({ profile, entries }) => ({ profile, found: entries.flatMap(items) })),
      meaning,
      profiles.length,
    );
  const candidates = ofAll(({ model }) => model.candidates.map((each) => proposed(each, sites)));
  const refuted = ofAll((entry) => [
    ...contradicted(entry).map(quarantined),
    ...entry.proof.effective.refuted.map((each) => refutedEffective(entry.proof.entry, each)),
  ]);
  const results = profiles.flatMap(({ entries }) => entries.flatMap(siteResults));
  return {
    "invariants.proposed.yaml": yaml({ ...which, inputs_sha256: mined.inputs, candidates }),
    "invariants.validated.yaml": validated,
    "quarantine.yaml": yaml({ ...which, quarantine: refuted }),
    "ledger.json": `${JSON.stringify(withBuckets(ledger, results), null, 1)}\n`,
    "invariants.json": sealCorpus(compileCorpus(validated)),
  };
}

type Item = Readonly<Record<string, unknown>>;

/** What makes a candidate the same in two profiles: all but what was counted and what was tried. */
const meaning = ({ evidence: _e, contradictions: _c, counterexample: _x, ...rest }: Item): string =>
  canonicalJson(rest);

const factsOf = ({ isPretended, facts }: MinedProfile): CorpusProfile => ({
  ...(isPretended ? { pretended: true } : {}),
  facts: Object.fromEntries([...facts].map(([name, value]) => [name, encodeValue(value)])),
});

function reviewedCorpus({ ledger, profiles, probedIn, sections, seed }: Mined): ReviewedCorpus {
  const shas = new Map(ledger.files.map(({ path, sha }) => [path, sha]));
  const reviewed = ({ model, ...rest }: MinedEntry): readonly [string, ReviewedCorpus["entries"][string]] => [
    model.entry,
    reviewedEntry({ model, ...rest }, shas, seed),
  ];
  return {
    schema_version: 1,
    engine: ledger.engine,
    engine_version: ledger.source.version,
    source_sha256: ledger.source.sha256,
    ...(probedIn === undefined ? {} : { probed_in: probedIn }),
    profiles: Object.fromEntries(profiles.map((each) => [each.profile, factsOf(each)])),
    domains: {},
    sections,
    entries: mergedEntries(
      profiles.map(({ profile, entries }) => ({ profile, found: Object.fromEntries(entries.map(reviewed)) })),
    ),
  };
}

/** What one class says of the sites. */
function siteResults({ model, proof, reduced }: MinedEntry): readonly SiteResult[] {
  const placed = (
    place: MinedEntry["model"]["candidates"][number]["place"],
    result: Omit<SiteResult, "site">,
  ): readonly SiteResult[] => (place.kind === "site" ? [{ site: place.site, ...result }] : []);
  return [
    ...model.findings.flatMap(ofFinding),
    ...proof.refuted.flatMap(({ claim, reason }) => ofRefuted(claim, reason)),
    ...reduced.unflipped.flatMap(({ proof: { claim } }) => ofRefuted(claim, "unflipped")),
    ...reduced.rules.flatMap(({ id, proof: { claim } }) =>
      placed(claim.candidate.place, { bucket: "validated", reason: id }),
    ),
    ...reduced.subsumed.flatMap(({ rule, by }) =>
      placed(rule.proof.claim.candidate.place, { bucket: "subsumed", reason: by[0] ?? "" }),
    ),
  ];
}
