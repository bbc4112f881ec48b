import { entryPoints } from "../src/graph/entry-points.ts";
import { reach } from "../src/graph/reach.ts";
import { References } from "../src/graph/references.ts";
import { ClassOrder } from "../src/modules/class-order.ts";
import { ModuleIndex } from "../src/modules/module-index.ts";
import { takeInventory, type FunctionSites } from "../src/sites/inventory.ts";
import type { SourceTree } from "../src/source/source-tree.ts";
import { pythonParser } from "../src/syntax/parse.ts";
import type { Target } from "../src/targets/target.ts";

/** The reached functions with their sites, before they become a ledger. */
export async function inventoryOf(tree: SourceTree, target: Target): Promise<readonly FunctionSites[]> {
  const index = new ModuleIndex(tree, await pythonParser());
  const order = new ClassOrder(index);
  const knowledge = { order, references: new References(index, order) };
  return takeInventory(reach(entryPoints(target, index, order), index, knowledge), knowledge);
}
