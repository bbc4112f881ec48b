import type { ClassSchema, ClassSchemas } from "@lem/config/parameters";
import { entryClasses } from "../graph/entry-points.ts";
import { ClassOrder } from "../modules/class-order.ts";
import { ModuleIndex } from "../modules/module-index.ts";
import { openProbe, type EngineProbe } from "../probe/open-probe.ts";
import type { ProbeTransport } from "../probe/transport.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { pythonParser } from "../syntax/parse.ts";
import type { Target } from "../targets/target.ts";
import { classSchemaOf } from "./class-schema.ts";

/** An engine version whose classes are described. */
export interface DescribedEngine {
  readonly target: Target;
  readonly tree: SourceTree;
  readonly transport: ProbeTransport;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a probe and asks the live classes of a target. @throws LemError `worker.*`, `mine.*`, `run.interrupted` */
export async function describeClasses({ target, tree, transport, signal }: DescribedEngine): Promise<ClassSchemas> {
  const index = new ModuleIndex(tree, await pythonParser());
  const names = entryClasses(target, index, new ClassOrder(index)).map(({ name }) => name);
  const files = Object.fromEntries(index.read.map(({ path, sha256 }) => [path, sha256]));
  const probe = await openProbe({ transport, package: target.root, files, landmarks: target.landmarks, signal });
  try {
    return await classSchemas({ engine: target.engine, version: tree.origin.version, names }, probe);
  } finally {
    await probe.close();
  }
}

/** Asks the live classes for their parameters. */
export async function classSchemas(
  { engine, version, names }: { readonly engine: string; readonly version: string; readonly names: readonly string[] },
  probe: Pick<EngineProbe, "describe">,
): Promise<ClassSchemas> {
  const answers = await probe.describe(names);
  const described = names.flatMap((name, at): (readonly [string, ClassSchema])[] => {
    const answer = answers[at];
    return answer?.kind === "described" ? [[name, classSchemaOf(answer)]] : [];
  });
  const classes = Object.fromEntries(described.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const unavailable = names.filter((name) => !Object.hasOwn(classes, name)).toSorted();
  return { schema_version: 1, engine, engine_version: version, classes, unavailable };
}

/** Name and text of the file that keeps them. */
export const CLASSES_FILE = "classes.json";
/** See {@link CLASSES_FILE}. */
export const classesText = (schemas: ClassSchemas): string => `${JSON.stringify(schemas, null, 1)}\n`;
