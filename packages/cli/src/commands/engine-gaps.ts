import { resolve } from "node:path";
import { groupGaps, type GapGroup } from "@lem/domain";
import { tableLines } from "@lem/report";
import type { JsonFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";
import { resultsUnder } from "../results-under.ts";
import { shownPath } from "../shown-path.ts";

const HEADER = ["runs", "engine", "did", "fields", "with", "where"];

function row({ count, engine, engine_version, kind, section, entry, fields, exception, place }: GapGroup): string[] {
  const where = place === null ? "" : `${place.path}:${place.line} (${place.qualname})`;
  return [
    String(count),
    `${engine} ${engine_version}`,
    kind,
    `${entry ?? section}: ${fields.join(", ")}`,
    exception ?? "",
    where,
  ];
}

/** `lem engines gaps`: what engines refused, warned about or changed although the rules had passed it, over results. */
export async function gaps(this: CliContext, flags: JsonFlags, path?: string): Promise<void> {
  const { cwd, stdout } = this.io;
  const target = resolve(cwd, path ?? "results");
  const groups = groupGaps((await resultsUnder(target)).flat());
  if (flags.json) stdout.write(`${JSON.stringify({ schema_version: 1, gaps: groups })}\n`);
  else if (groups.length === 0)
    stdout.write(`no gaps in ${shownPath(cwd, target)}: the rules foresaw what the engines did\n`);
  else stdout.write(`${tableLines(HEADER, groups.map(row)).join("\n")}\n`);
}
