import type { GapGroup } from "@lem/domain";
import type { Mined } from "../emit/corpus-texts.ts";
import { GAP_OUTCOMES, type GapFinding } from "./gap-candidates.ts";

const ORIGINS: ReadonlySet<string> = new Set(["runtime_warning", "observed_collision"]);

/** What became of gaps, one a line, and how many rules they led to; nothing where there are none. */
export function gapReport(
  gaps: readonly GapGroup[],
  { gaps: findings, mined }: { readonly gaps: readonly GapFinding[]; readonly mined: Mined },
): string {
  if (gaps.length === 0) return "";
  const rules = mined.profiles.flatMap(({ entries }) => entries.flatMap(({ reduced }) => reduced.rules));
  const proven = rules.filter(({ proof }) => ORIGINS.has(proof.claim.candidate.origin)).length;
  const tried = new Set(findings.map(({ gap }) => gap));
  const lines = findings.map(({ gap, outcome }) => `  ${gapText(gap)}: ${outcome} (${GAP_OUTCOMES[outcome]})`);
  const foreign = gaps.filter((gap) => !tried.has(gap)).map((gap) => `  ${gapText(gap)}: of no class that was mined`);
  return [`${gaps.length} gaps, ${proven} rules from them`, ...lines, ...foreign, ""].join("\n");
}

function gapText({ kind, entry, section, fields, place, exception }: GapGroup): string {
  const where = place === null ? "" : ` at ${place.path}:${place.line}`;
  return `${kind} ${entry ?? section} ${fields.join(", ")}${exception === null ? "" : ` ${exception}`}${where}`;
}
