import type { SiteKind } from "../sites/site.ts";
import { SITE_KINDS } from "../sites/site.ts";
import { BUCKETS, type Bucket, type Ledger } from "./ledger.ts";

/** How many sites of each kind are in each bucket. */
export interface LedgerSummary {
  readonly engine: string;
  readonly package: string;
  readonly version: string;
  readonly source_sha256: string;
  readonly entries: number;
  readonly functions: Ledger["functions"];
  readonly files: number;
  readonly troubles: number;
  readonly sites: number;
  /** Native checks that no rule claims. */
  readonly late: number;
  readonly by_kind: Readonly<Record<SiteKind, number>>;
  readonly by_operator: Readonly<Record<string, number>>;
  readonly by_bucket: Readonly<Record<Bucket, number>>;
  readonly by_kind_and_bucket: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Counts a ledger. Kinds and buckets without a site count 0, so that none can vanish. */
export function summarize(ledger: Ledger): LedgerSummary {
  const { sites, source, files } = ledger;
  const kinds = Object.keys(SITE_KINDS) as SiteKind[];
  const implicit = sites.flatMap(({ operator }) => (operator === null ? [] : [operator]));
  const buckets = (of: readonly Ledger["sites"][number][]): Record<string, number> =>
    counted(of.map(({ bucket }) => bucket));
  return {
    engine: ledger.engine,
    package: source.package,
    version: source.version,
    source_sha256: source.sha256,
    entries: ledger.entries.length,
    functions: ledger.functions,
    files: files.length,
    troubles: files.reduce((sum, { troubles }) => sum + troubles.length, 0),
    sites: sites.length,
    late: ledger.late?.length ?? 0,
    by_kind: counted(
      sites.map(({ kind }) => kind),
      kinds,
    ),
    by_operator: counted(implicit),
    by_bucket: counted(
      sites.map(({ bucket }) => bucket),
      Object.keys(BUCKETS) as Bucket[],
    ),
    by_kind_and_bucket: Object.fromEntries(
      kinds.map((kind) => [kind, buckets(sites.filter((site) => site.kind === kind))]),
    ),
  };
}

function counted<K extends string>(words: readonly K[], always: readonly K[] = []): Record<K, number> {
  const found = new Map<K, number>(always.map((word) => [word, 0]));
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1))) as Record<K, number>;
}

/** The summary as a table for people. */
export function summaryText(summary: LedgerSummary): string {
  const { functions } = summary;
  const lines = [
    `${summary.engine} ${summary.version} (${summary.package}, source ${summary.source_sha256.slice(0, 12)})`,
    `${summary.entries} entry classes reach ${functions.reached} functions in ${summary.files} files`,
    `${functions.unresolved_calls} calls of unknown values, ${summary.troubles} places that could not be read`,
    "",
    `${"kind".padEnd(12)}${"sites".padStart(7)}  buckets`,
  ];
  for (const [kind, count] of Object.entries(summary.by_kind)) {
    const buckets = Object.entries(summary.by_kind_and_bucket[kind] ?? {}).map(([bucket, each]) => `${bucket} ${each}`);
    lines.push(`${kind.padEnd(12)}${String(count).padStart(7)}  ${buckets.join(", ")}`.trimEnd());
  }
  const operators = Object.entries(summary.by_operator).map(([operator, each]) => `${operator} ${each}`);
  if (summary.late > 0) lines.push(`later, in native code, not claimed: ${summary.late}`);
  lines.push(`${"total".padEnd(12)}${String(summary.sites).padStart(7)}`, "", `implicit: ${operators.join(", ")}`);
  return `${lines.join("\n")}\n`;
}
