export { takeLedger } from "./take-ledger.ts";
export { BUCKETS, type Bucket, type Ledger, type LedgerFile, type LedgerSite } from "./ledger/ledger.ts";
export { summarize, type LedgerSummary } from "./ledger/summary.ts";
export { SITE_KINDS, IMPLICIT_OPERATORS, type ImplicitOperator, type SiteKind } from "./sites/site.ts";
export { findSource, type SourceRequest } from "./source/find-source.ts";
export type { SourceFile, SourceOrigin, SourceTree } from "./source/source-tree.ts";
export { allTargets, targetOf } from "./targets/targets.ts";
export type { EntryClass, EntryFamily, SectionChoice, Target, TargetCall } from "./targets/target.ts";
