import { entryClasses } from "../../graph/entry-points.ts";
import { ClassOrder } from "../../modules/class-order.ts";
import { ModuleIndex } from "../../modules/module-index.ts";
import type { DescribeAnswer } from "../../probe/description.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { pythonParser } from "../../syntax/parse.ts";
import type { EntryClass, Target } from "../../targets/target.ts";
import { documentedValues } from "./doc-words.ts";
import { subjectOf, type Subject } from "./subject.ts";

/** A class to score, with the calls after its construction and the group that it is told with. */
export interface ScoredClass {
  readonly subject: Subject;
  readonly calls: EntryClass["calls"];
  /** Its own name, or the base class of its family. */
  readonly group: string;
}

/** What the sampler may ask of a running engine. */
export interface Describer {
  describe(classes: readonly string[]): Promise<readonly DescribeAnswer[]>;
}

/** The classes of a target that the engine describes. Nothing here reads rules. */
export async function scoredClasses(target: Target, tree: SourceTree, engine: Describer): Promise<ScoredClass[]> {
  const index = new ModuleIndex(tree, await pythonParser());
  const order = new ClassOrder(index);
  const classes = entryClasses(target, index, order);
  const alone = new Set(target.classes.map(({ name }) => name));
  const answers = await engine.describe(classes.map(({ name }) => name));
  return classes.flatMap(({ name, calls }, at) => {
    const answer = answers[at];
    if (answer?.kind !== "described") return [];
    const cls = index.find(name);
    const documented = cls?.kind === "class" ? documentedValues(cls, order) : new Map<string, never>();
    const group = alone.has(name) ? name : (target.families[0]?.base ?? name);
    return [{ subject: subjectOf(answer, documented), calls, group }];
  });
}
