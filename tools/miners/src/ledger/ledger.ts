import { canonicalJson, sha256 } from "@lem/domain";
import type { LateSite } from "../native/late-sites.ts";
import type { FoundSite, ImplicitOperator, SiteKind } from "../sites/site.ts";
import type { FunctionSites } from "../sites/inventory.ts";
import type { SourceOrigin } from "../source/source-tree.ts";
import { digestOf } from "../syntax/digest.ts";

/** What became of a site; each is in exactly one. A site starts as `opaque`, and the later stages move it. */
export const BUCKETS = {
  validated: "a rule that the real class confirmed",
  subsumed: "covered by another site's rule",
  "type-lifted": "covered by the type of a field",
  "needs-fact": "depends on the machine, the environment or another package",
  "needs-model": "depends on the model",
  opaque: "not understood",
  internal: "no user value can reach it",
  dead: "no value at all can reach it",
  quarantined: "a candidate rule that the real class contradicted",
} as const;

/** One of {@link BUCKETS}. */
export type Bucket = keyof typeof BUCKETS;

/** One place at which an engine may refuse, warn about, change or trip over a configuration. */
export interface LedgerSite {
  /** Stable while path, function, kind, condition and the node's own meaning are; independent of lines. */
  readonly id: string;
  readonly kind: SiteKind;
  readonly operator: ImplicitOperator | null;
  readonly path: string;
  readonly qualname: string;
  /** From 1. */
  readonly line: number;
  /** From 0, in UTF-16 units. */
  readonly column: number;
  /** SHA-256 of the file. */
  readonly sha: string;
  /** Digest over the conditions around it, and how many they are. */
  readonly condition: { readonly digest: string; readonly guards: number };
  /** Names of the entry points that reach it, sorted. */
  readonly entries: readonly string[];
  /** Calls between it and the nearest entry point. */
  readonly depth: number;
  readonly bucket: Bucket;
  /** Why it is in that bucket. */
  readonly reason: string;
}

/** A file that was read, or why a place in it could not be. */
export interface LedgerFile {
  readonly path: string;
  readonly sha: string;
  readonly troubles: readonly { readonly line: number; readonly reason: string }[];
}

/** Every site of one engine version that its entry points reach, in the order of paths and lines. */
export interface Ledger {
  readonly schema_version: 1;
  readonly engine: string;
  readonly source: SourceOrigin;
  readonly entries: readonly string[];
  /** Functions that the entry points reach, and how many of their calls lead out of the package or cannot be told. */
  readonly functions: { readonly reached: number; readonly foreign_calls: number; readonly unresolved_calls: number };
  readonly files: readonly LedgerFile[];
  readonly sites: readonly LedgerSite[];
  /** Native checks that come later than all of these; none of them is claimed. */
  readonly late?: readonly LateSite[];
}

/** What {@link makeLedger} is made of. */
export interface LedgerInput {
  readonly engine: string;
  readonly source: SourceOrigin;
  readonly entries: readonly string[];
  readonly files: readonly LedgerFile[];
  readonly inventory: readonly FunctionSites[];
  /** Empty where the target names no native code. */
  readonly late: readonly LateSite[];
}

/** A ledger of sites that nothing has looked at yet. Equal inputs give equal ledgers. */
export function makeLedger({ engine, source, entries, files, inventory, late }: LedgerInput): Ledger {
  const shas = new Map(files.map(({ path, sha }) => [path, sha]));
  const used = new Set(inventory.map(({ reached }) => reached.fn.path));
  const seen = new Map<string, number>();
  const sites = inventory.flatMap(({ reached, sites: found }) =>
    found.map((site): LedgerSite => {
      const { path } = reached.fn;
      return {
        ...described(site, path, seen),
        path,
        qualname: site.qualname,
        line: site.span.line,
        column: site.span.column,
        sha: shas.get(path) ?? "",
        entries: reached.entries,
        depth: reached.depth,
        bucket: "opaque",
        reason: "not-walked",
      };
    }),
  );
  const calls = inventory.map(({ reached }) => reached.calls);
  const functions = {
    reached: inventory.length,
    foreign_calls: calls.reduce((sum, { foreign }) => sum + foreign, 0),
    unresolved_calls: calls.reduce((sum, { unresolved }) => sum + unresolved, 0),
  };
  const read = files.filter(({ path, troubles }) => used.has(path) || troubles.length > 0);
  const known = {
    schema_version: 1,
    engine,
    source,
    entries: entries.toSorted(),
    functions,
    files: read,
    sites,
  } as const;
  return late.length === 0 ? known : { ...known, late };
}

/** Equal sites of one function are told apart by their order. */
function described(
  site: FoundSite,
  path: string,
  seen: Map<string, number>,
): Pick<LedgerSite, "id" | "kind" | "operator" | "condition"> {
  const { kind, operator, guards, node, qualname } = site;
  const digest = sha256(canonicalJson(guards)).slice(0, 16);
  const own = digestOf(node.kind === "For" ? node.iter : node);
  const key = canonicalJson([path, qualname, kind, operator, digest, own]);
  const ordinal = seen.get(key) ?? 0;
  seen.set(key, ordinal + 1);
  return { id: sha256(`${key}#${ordinal}`).slice(0, 12), kind, operator, condition: { digest, guards: guards.length } };
}
