import { join } from "node:path";
import type { ClassSchemas } from "@lem/config/parameters";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { ProbeTransport } from "../probe/transport.ts";
import type { Target } from "../targets/target.ts";
import { CLASSES_FILE, classesText } from "./describe-classes.ts";
import { SECTIONS_FILE, sectionSchemas, sectionsText } from "./section-schema.ts";

/**
 * Writes what the classes of an engine version say of their parameters. The sections of an engine that no worker can
 * describe, as it is mined with stand-ins or in the environment of another version, come of them too.
 * @throws LemError `io.*`
 */
export async function writeSchemas(
  folder: string,
  { target, transport }: { readonly target: Target; readonly transport: ProbeTransport },
  schemas: ClassSchemas,
): Promise<void> {
  await writeFileAtomic(join(folder, CLASSES_FILE), classesText(schemas));
  if (target.stand_ins === null && transport.probedIn === undefined) return;
  await writeFileAtomic(join(folder, SECTIONS_FILE), sectionsText(sectionSchemas(target, schemas)));
}
