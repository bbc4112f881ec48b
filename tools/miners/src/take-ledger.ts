import { entryPoints } from "./graph/entry-points.ts";
import { reach } from "./graph/reach.ts";
import { References } from "./graph/references.ts";
import { checkLandmarks } from "./ledger/landmarks.ts";
import { makeLedger, type Ledger } from "./ledger/ledger.ts";
import { ClassOrder } from "./modules/class-order.ts";
import { ModuleIndex } from "./modules/module-index.ts";
import { takeInventory } from "./sites/inventory.ts";
import type { SourceTree } from "./source/source-tree.ts";
import { pythonParser } from "./syntax/parse.ts";
import type { Target } from "./targets/target.ts";

/**
 * Source to ledger: landmarks, modules, classes, calls from the entry classes, sites.
 * @throws LemError `mine.landmark-missing` before anything is mined; `mine.source-corrupt`
 */
export async function takeLedger(tree: SourceTree, target: Target): Promise<Ledger> {
  const index = new ModuleIndex(tree, await pythonParser());
  const order = new ClassOrder(index);
  checkLandmarks(target, index, order);
  const knowledge = { order, references: new References(index, order) };
  const entries = entryPoints(target, index, order);
  const inventory = takeInventory(reach(entries, index, knowledge), knowledge);
  const files = index.read.map(({ path, sha256, parsed }) => ({ path, sha: sha256, troubles: parsed.troubles }));
  return makeLedger({
    engine: target.engine,
    source: tree.origin,
    entries: entries.map(({ name }) => name),
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    inventory,
  });
}
