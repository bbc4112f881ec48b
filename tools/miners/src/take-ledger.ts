import { entryPoints } from "./graph/entry-points.ts";
import { reach } from "./graph/reach.ts";
import { References } from "./graph/references.ts";
import { checkLandmarks } from "./ledger/landmarks.ts";
import { makeLedger, type Ledger, type LedgerSite } from "./ledger/ledger.ts";
import { ClassOrder } from "./modules/class-order.ts";
import { ModuleIndex } from "./modules/module-index.ts";
import { lateSites } from "./native/late-sites.ts";
import { takeInventory } from "./sites/inventory.ts";
import type { SourceTree } from "./source/source-tree.ts";
import { pythonParser } from "./syntax/parse.ts";
import type { Target } from "./targets/target.ts";

/** One engine version's source, read: its ledger, and what the walk looks names and places up in. */
export interface Survey {
  readonly target: Target;
  readonly index: ModuleIndex;
  readonly order: ClassOrder;
  readonly references: References;
  readonly ledger: Ledger;
  /** The sites at each node of the syntax trees that `index` holds. */
  readonly sites: ReadonlyMap<object, readonly LedgerSite[]>;
}

/**
 * Source to ledger: landmarks, modules, classes, calls from the entry classes, sites.
 * @throws LemError `mine.landmark-missing` before anything is mined; `mine.source-corrupt`
 */
export async function takeLedger(tree: SourceTree, target: Target): Promise<Ledger> {
  return (await survey(tree, target)).ledger;
}

/** {@link takeLedger}, keeping what the walk goes over. */
export async function survey(tree: SourceTree, target: Target): Promise<Survey> {
  const index = new ModuleIndex(tree, await pythonParser());
  const order = new ClassOrder(index);
  checkLandmarks(target, index, order);
  const references = new References(index, order);
  const knowledge = { order, references };
  const entries = entryPoints(target, index, order);
  const inventory = takeInventory(reach(entries, index, knowledge), knowledge);
  const files = index.read.map(({ path, sha256, parsed }) => ({ path, sha: sha256, troubles: parsed.troubles }));
  const ledger = makeLedger({
    engine: target.engine,
    source: tree.origin,
    entries: entries.map(({ name }) => name),
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    inventory,
    late: target.late === null ? [] : lateSites(tree.texts?.(target.late.files) ?? [], target.late),
  });
  const nodes = inventory.flatMap(({ sites }) => sites.map(({ node }) => node));
  const sites = new Map<object, LedgerSite[]>();
  for (const [place, site] of ledger.sites.entries()) {
    const node = nodes[place] as object;
    sites.set(node, [...(sites.get(node) ?? []), site]);
  }
  return { target, index, order, references, ledger, sites };
}
