import type { Corpus, CorpusEntry, CorpusRule } from "@lem/config/corpus";
import { yamlToTagged } from "@lem/config/invariants";
import { sha256, type JsonObject, type JsonValue } from "@lem/domain";

/** A rule as it is reviewed: with the names that hold over versions. */
export interface ReviewedRule extends CorpusRule {
  readonly semantic_id: string;
  readonly site_key: string;
  /** The class does the same in other cases too, which no rule tells. */
  readonly partial: boolean;
}

/** The content of invariants.validated.yaml. */
export interface ReviewedCorpus extends Omit<Corpus, "entries" | "validated_sha256" | "content_sha256"> {
  readonly entries: Readonly<Record<string, Omit<CorpusEntry, "rules"> & { readonly rules: readonly ReviewedRule[] }>>;
}

/** Compiles the reviewed YAML to what the runtime reads; equal texts give equal corpora. */
export function compileCorpus(yaml: string): Corpus {
  const { entries, ...rest } = plain(yamlToTagged(yaml)) as unknown as ReviewedCorpus;
  const compiled = Object.entries(entries).map(([name, entry]) => [
    name,
    { ...entry, rules: entry.rules.map(({ semantic_id: _id, site_key: _key, partial: _partial, ...rule }) => rule) },
  ]);
  const { schema_version, engine, engine_version, source_sha256, ...more } = rest;
  return {
    schema_version,
    engine,
    engine_version,
    source_sha256,
    validated_sha256: sha256(yaml),
    ...more,
    entries: Object.fromEntries(compiled) as Corpus["entries"],
  };
}

const plain = (json: JsonValue): JsonObject => json as JsonObject;
