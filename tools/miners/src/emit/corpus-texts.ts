import { sealCorpus } from "@lem/config/corpus";
import { encodeValue, printTaggedYaml, type Values } from "@lem/config/invariants";
import type { JsonValue } from "@lem/domain";
import type { Ledger } from "../ledger/ledger.ts";
import { ofFinding, ofRefuted, withBuckets, type SiteResult } from "../prove/buckets.ts";
import type { SectionEntries } from "../targets/sections.ts";
import { compileCorpus, type ReviewedCorpus } from "./corpus-file.ts";
import { contradicted, proposed, quarantined, refutedEffective, reviewedEntry, type MinedEntry } from "./reviewed.ts";

/** All that one mining of an engine version gave. */
export interface Mined {
  readonly ledger: Ledger;
  readonly entries: readonly MinedEntry[];
  readonly facts: Values;
  readonly profile: string;
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
  const { ledger, entries } = mined;
  const which = { schema_version: 1, engine: ledger.engine, engine_version: ledger.source.version };
  const sites = new Map(ledger.sites.map((site) => [site.id, site]));
  const validated = yaml(reviewedCorpus(mined));
  const candidates = entries.flatMap(({ model }) => model.candidates.map((each) => proposed(each, sites)));
  const refuted = entries.flatMap((entry) => [
    ...contradicted(entry).map(quarantined),
    ...entry.proof.effective.refuted.map((each) => refutedEffective(entry.proof.entry, each)),
  ]);
  return {
    "invariants.proposed.yaml": yaml({ ...which, inputs_sha256: mined.inputs, candidates }),
    "invariants.validated.yaml": validated,
    "quarantine.yaml": yaml({ ...which, quarantine: refuted }),
    "ledger.json": `${JSON.stringify(withBuckets(ledger, entries.flatMap(siteResults)), null, 1)}\n`,
    "invariants.json": sealCorpus(compileCorpus(validated)),
  };
}

function reviewedCorpus({ ledger, entries, facts, profile, sections, seed }: Mined): ReviewedCorpus {
  const shas = new Map(ledger.files.map(({ path, sha }) => [path, sha]));
  const known = [...facts].map(([name, value]) => [name, encodeValue(value)]);
  return {
    schema_version: 1,
    engine: ledger.engine,
    engine_version: ledger.source.version,
    source_sha256: ledger.source.sha256,
    profiles: { [profile]: { facts: Object.fromEntries(known) as Readonly<Record<string, unknown>> } },
    domains: {},
    sections,
    entries: Object.fromEntries(entries.map((each) => [each.model.entry, reviewedEntry(each, shas, seed)])),
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
