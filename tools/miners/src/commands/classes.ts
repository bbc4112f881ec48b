import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@lem/engines/make-folder";
import { findTransport } from "../probe/find-transport.ts";
import { CLASSES_FILE, classesText, describeClasses } from "../schema/describe-classes.ts";
import { writeSchemas } from "../schema/write-schemas.ts";
import { usualProfile } from "../targets/target.ts";
import { readOptions, sourceOf, targetAndVersion, WHICH, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `classes (--engine E | --target FILE) --engine-version V [--source DIR] [--python FILE | --image NAME] [--out DIR] [--check]
  --source DIR   a folder that holds the package, instead of the package index
  --python FILE  an interpreter that has the engine, instead of the installed one
  --image NAME   a docker image that has the engine (see image): the probe runs in a container
  --out DIR      folder of all corpora; the repository's own unless told
  --check        write nothing, and fail when the file is another
`;

const OPTIONS = {
  ...WHICH,
  source: { type: "string" },
  python: { type: "string" },
  image: { type: "string" },
  out: { type: "string" },
  check: { type: "boolean", default: false },
} as const;

const CORPORA = join(import.meta.dirname, "../../../../corpora");

/** Writes the parameters of an engine version's classes: types, bounds, defaults, hashes of descriptions. */
export const classesCommand: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const values = readOptions(argv, OPTIONS, USAGE);
  const { target, engine, version } = targetAndVersion(values, USAGE);
  const { source, out = CORPORA, check } = values;
  const { signal } = io;
  const tree = await sourceOf({ target, version, source }, io);
  const transport = findTransport({ ...values, target, version, profile: usualProfile(target), env: io.env });
  const schemas = await describeClasses({ target, tree, transport, signal });
  const folder = join(out, engine, version);
  const file = join(folder, CLASSES_FILE);
  const text = classesText(schemas);
  if (check) {
    if ((await readFile(file, "utf8").catch(() => "")) === text) return 0;
    io.err(`${file} is not what the classes of ${engine} ${version} say\n`);
    return 1;
  }
  await makeFolder(folder);
  await writeSchemas(folder, { target, transport }, schemas);
  const counts = Object.values(schemas.classes).map(({ parameters }) => Object.keys(parameters).length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  io.out(
    `${engine} ${version}: ${counts.length} classes, ${total} parameters, ${schemas.unavailable.length} unavailable\n`,
  );
  return 0;
}
