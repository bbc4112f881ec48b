import { encodeValue, printPredicate } from "@lem/config/invariants";
import type { Candidate, EntryModel } from "../candidates/candidate.ts";
import { entryClasses } from "../graph/entry-points.ts";
import { survey } from "../take-ledger.ts";
import { NO_ENGINE } from "../walk/ground-book.ts";
import { walkEntry } from "../walk/walk-entry.ts";
import { readOptions, sourceOf, targetAndVersion, WHICH, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `walk {--engine E | --target FILE} --engine-version V [--source DIR] [--entry NAME] [--json]
  --target FILE  the target of a package that is no engine of lem
  --source DIR   a folder that holds the package, instead of the package index
  --entry NAME   only classes whose name ends so
  --json         print candidates, effective values and findings as JSON
`;

const OPTIONS = {
  ...WHICH,
  source: { type: "string" },
  entry: { type: "string", default: "" },
  json: { type: "boolean", default: false },
} as const;

/** Shows what the source alone says of each class; what only an installed engine can tell stays open. */
export const walkCommand: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const values = readOptions(argv, OPTIONS, USAGE);
  const { target, version } = targetAndVersion(values, USAGE);
  const tree = await sourceOf({ target, version, source: values.source }, io);
  const surveyed = await survey(tree, target);
  const entries = entryClasses(target, surveyed.index, surveyed.order);
  const models: EntryModel[] = [];
  for (const entry of entries.filter(({ name }) => name.endsWith(values.entry))) {
    const model = await walkEntry(surveyed, entry, NO_ENGINE);
    if (model !== undefined) models.push(model);
  }
  io.out(values.json ? `${JSON.stringify(models.map(asJson), null, 1)}\n` : models.map(asText).join("\n"));
  return 0;
}

function asJson({ parameters, candidates, effective, facts = {}, ...rest }: EntryModel): object {
  return {
    ...rest,
    parameters: parameters.map(({ name, default: usual }) => ({
      name,
      default: usual === undefined ? undefined : printPredicate(usual),
    })),
    candidates: candidates.map((candidate) => ({
      ...candidate,
      outcome: outcomeJson(candidate),
      when: printPredicate(candidate.when),
    })),
    effective: Object.fromEntries(Object.entries(effective).map(([name, value]) => [name, printPredicate(value)])),
    facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, encodeValue(value)])),
  };
}

const outcomeJson = ({ outcome }: Candidate): object =>
  outcome.kind === "normalise" ? { ...outcome, to: printPredicate(outcome.to) } : outcome;

function asText({ entry, candidates, findings }: EntryModel): string {
  const counts = new Map<string, number>();
  for (const { status } of findings) counts.set(status, (counts.get(status) ?? 0) + 1);
  const summary = [...counts].map(([status, count]) => `${status} ${count}`).join(", ");
  const lines = candidates.map(({ stage, place, outcome, when }) => {
    const at = place.kind === "site" ? `${place.qualname}:${place.line}` : place.field;
    return `  ${stage} ${outcome.kind.padEnd(9)} ${at}  ${JSON.stringify(printPredicate(when))}`;
  });
  return [`${entry}: ${candidates.length} candidates; sites: ${summary}`, ...lines, ""].join("\n");
}
