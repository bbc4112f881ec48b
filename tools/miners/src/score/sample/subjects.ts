import { entryClasses } from "../../graph/entry-points.ts";
import { ClassOrder } from "../../modules/class-order.ts";
import { ModuleIndex } from "../../modules/module-index.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { pythonParser } from "../../syntax/parse.ts";
import type { EntryClass, Target } from "../../targets/target.ts";
import { Nesting, NOTHING_WRITTEN, type Describer } from "./nesting.ts";
import { subjectOf, type Subject } from "./subject.ts";

/** A class or function to score, with the calls after its construction and the group that it is told with. */
export interface ScoredClass {
  readonly subject: Subject;
  readonly calls: EntryClass["calls"];
  /** Its own name, or the base class of its family. */
  readonly group: string;
  /** The most configurations of a stratum, where one costs much. */
  readonly most?: number;
  /** What stands for the user's folder, of a class that takes one. */
  readonly fixture?: string;
}

/** Configurations of a stratum with the folder that most users have, and with each of the others. */
const MOST = { usual: 2000, other: 200 } as const;

/** A class that takes a folder is scored for each kind of folder by itself: a user has one of them. */
const inFolders = (scored: ScoredClass, kinds: readonly string[]): readonly ScoredClass[] =>
  kinds.map((fixture, place) =>
    place === 0
      ? { ...scored, fixture, most: MOST.usual }
      : { ...scored, fixture, most: MOST.other, group: `${scored.group} (${fixture})` },
  );

/** The classes of a target that the engine describes. Nothing here reads rules. */
export async function scoredClasses(target: Target, tree: SourceTree, engine: Describer): Promise<ScoredClass[]> {
  const index = new ModuleIndex(tree, await pythonParser());
  const order = new ClassOrder(index);
  const classes = entryClasses(target, index, order);
  const alone = new Set(target.classes.map(({ name }) => name));
  const answers = await engine.describe(classes.map(({ name }) => name));
  const nesting = new Nesting(index, order, engine);
  const scored: ScoredClass[] = [];
  for (const [at, { name, calls, folder }] of classes.entries()) {
    const answer = answers[at];
    if (answer?.kind !== "described") continue;
    const cls = index.find(name);
    const written = cls?.kind === "class" ? await nesting.writtenOf(cls, answer) : NOTHING_WRITTEN;
    const group = alone.has(name) ? name : (target.families[0]?.base ?? name);
    const plain = { subject: subjectOf(answer, written), calls, group };
    scored.push(...(folder === undefined ? [plain] : inFolders(plain, Object.keys(folder.fixtures))));
  }
  return scored;
}
