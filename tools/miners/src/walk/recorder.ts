import type { Expr as Predicate } from "@lem/config/invariants";
import type { Candidate, CandidateOutcome, SiteFinding } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { SiteKind } from "../sites/site.ts";
import type { Survey } from "../take-ledger.ts";
import { and, or, outsideLoops, predicate, readable } from "./expr/conditions.ts";
import { FALSE } from "./expr/intern.ts";
import { childrenOf } from "@lem/config/invariants";
import { pathCondition, type Path } from "./state.ts";
import type { Collect } from "./value.ts";

interface Draft {
  readonly site: LedgerSite;
  readonly stage: number;
  readonly outcome: CandidateOutcome;
  when: Predicate;
  readonly shadowedBy: readonly string[];
  /** Of a collecting site: the sites that read what it collects. */
  readonly shownAt: Set<string>;
}

/** How what is collected shows: what happens, and the site where it does. */
interface Shown {
  readonly outcome: CandidateOutcome;
  readonly reader: LedgerSite | undefined;
}

/** What the walk of one entry found, site by site. */
export class Recorder {
  readonly #entry: string;
  readonly #sites: Survey["sites"];
  readonly #drafts = new Map<string, Draft>();
  readonly #met = new Map<string, string>();
  readonly #reasons = new Map<string, string>();
  readonly #functions = new Set<string>();
  readonly #raised: string[] = [];
  stage = 0;
  /** Above zero while constants of modules are evaluated, which are no part of the constructor. */
  silence = 0;

  constructor(entry: string, sites: Survey["sites"]) {
    this.#entry = entry;
    this.#sites = sites;
  }

  /** Notes that a node was walked on a line that can be reached. */
  meet(node: object): void {
    if (this.silence > 0) return;
    for (const site of this.#sites.get(node) ?? []) if (!this.#met.has(site.id)) this.#met.set(site.id, "walked");
  }

  /** Notes that a function was walked. */
  enter(path: string, qualname: string): void {
    this.#functions.add(`${path}:${qualname}`);
  }

  /** Notes why a node could not be followed. */
  give(node: object, reason: string): void {
    for (const site of this.#sites.get(node) ?? []) this.#reasons.set(site.id, reason);
  }

  /** A refusal. */
  error(node: object, kind: SiteKind, path: Path, exception: string | null): void {
    this.#add(node, kind, path, { kind: "error", exception });
  }

  /** A warning or log record. */
  warn(node: object, kind: "warning" | "log", path: Path): void {
    this.#add(node, kind, path, { kind: "warn" });
  }

  /** A store of another value than the given one. */
  normalise(node: object, path: Path, field: string, to: Predicate): void {
    this.#add(node, "store", path, { kind: "normalise", field, to: outsideLoops(to) });
  }

  #add(node: object, kind: SiteKind, path: Path, outcome: CandidateOutcome): void {
    if (this.silence > 0) return;
    const site = this.#siteAt(node, kind);
    const collects = path.flatMap((item) =>
      item.kind === "when" ? item.collects.map((each) => ({ item, each })) : [],
    );
    for (const { item, each } of collects)
      this.#collected(
        each,
        path.filter((other) => other !== item),
        { outcome, reader: site },
      );
    if (site !== undefined) this.#draft(site, pathCondition(path), outcome);
  }

  /** The site of a node; a method that a value lacks is a site at the method's name. */
  #siteAt(node: object, kind: SiteKind): LedgerSite | undefined {
    const own = this.#sites.get(node)?.find((each) => each.kind === kind);
    if (own !== undefined || !("func" in node)) return own;
    return this.#sites.get(node.func as object)?.find((each) => each.kind === kind);
  }

  /** The place that noted the finding is what refuses or warns; the rest of the way must hold too. */
  #collected(collect: Collect, rest: Path, { outcome, reader }: Shown): void {
    const site = this.#sites.get(collect.node)?.find(({ kind }) => kind === "collect");
    if (site === undefined) return;
    const draft = this.#draft(site, and(collect.when, pathCondition(rest)), outcome);
    if (reader !== undefined) draft.shownAt.add(reader.id);
  }

  #draft(site: LedgerSite, when: Predicate, outcome: CandidateOutcome): Draft {
    const field = outcome.kind === "normalise" ? outcome.field : "";
    const key = `${this.stage} ${site.id} ${outcome.kind} ${field}`;
    const earlier = this.#drafts.get(key);
    if (outcome.kind === "error") this.#raised.push(site.id);
    if (earlier !== undefined && outcome.kind !== "normalise") {
      earlier.when = or(earlier.when, readable(when));
      return earlier;
    }
    const shadowedBy = earlier?.shadowedBy ?? [...new Set(this.#raised)].filter((id) => id !== site.id);
    const draft: Draft = { site, stage: this.stage, outcome, when, shadowedBy, shownAt: new Set() };
    this.#drafts.set(earlier === undefined ? key : `${key} ${this.#drafts.size}`, draft);
    return draft;
  }

  /** The candidates, in the order in which the walk met them. */
  candidates(): readonly Candidate[] {
    return [...this.#drafts.values()].flatMap(({ site, stage, outcome, when, shadowedBy, shownAt }) => {
      const kept = predicate(when);
      if (kept === FALSE) return [];
      const { id, path, qualname, line } = site;
      const place = { kind: "site", site: id, path, qualname, line } as const;
      const readers = shownAt.size === 0 ? {} : { shownAt: [...shownAt] };
      const origin = "static_walk" as const;
      return [{ entry: this.#entry, origin, place, stage, outcome, when: kept, shadowedBy, ...readers }];
    });
  }

  /** What became of each site of the ledger that the entry reaches. */
  findings(candidates: readonly Candidate[], sites: readonly LedgerSite[]): readonly SiteFinding[] {
    const byId = new Map<string, Predicate[]>();
    for (const { place, when } of candidates)
      if (place.kind === "site") byId.set(place.site, [...(byId.get(place.site) ?? []), when]);
    return sites.map((site) => this.#finding(site, byId.get(site.id)));
  }

  #finding(site: LedgerSite, whens: readonly Predicate[] | undefined): SiteFinding {
    const open = whens?.map(unknownIn).find((what) => what !== undefined);
    if (whens !== undefined && open === undefined) return { site: site.id, status: "candidate", reason: "translated" };
    if (open !== undefined) return { site: site.id, status: "unknown", reason: open };
    const reason = this.#reasons.get(site.id);
    if (reason !== undefined) return { site: site.id, status: "unknown", reason };
    if (this.#met.has(site.id)) return { site: site.id, status: "internal", reason: "cannot-happen-here" };
    const walked = this.#functions.has(`${site.path}:${site.qualname}`);
    return { site: site.id, status: "unreachable", reason: walked ? "never-on-a-path" : "not-called" };
  }
}

/** Whether a condition cannot come true, since a part that must hold is not known. */
export const neverKnown = (when: Predicate): boolean =>
  when.op === "unknown" ||
  (when.op === "all" && when.args.some(neverKnown)) ||
  (when.op === "any" && when.args.every(neverKnown));

/** What a predicate does not know; undefined when it knows all. */
export function unknownIn(expr: Predicate): string | undefined {
  if (expr.op === "unknown") return expr.what;
  for (const child of childrenOf(expr)) {
    const found = unknownIn(child);
    if (found !== undefined) return found;
  }
  return undefined;
}
