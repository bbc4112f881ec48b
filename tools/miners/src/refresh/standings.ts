import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ledger } from "../ledger/ledger.ts";
import type { Scorecard } from "../score/score.ts";
import { lossesOf, type Loss, type Standing } from "./losses.ts";

/** How far mining came with a version, from the corpora of a checkout; undefined for one that is not mined there. */
export function standingOf(corpora: string, engine: string, version: string): Standing | undefined {
  const folder = join(corpora, engine, version);
  const ledger = read<Ledger>(join(folder, "ledger.json"));
  if (ledger === undefined) return undefined;
  const cards = globSync("scorecard*.json", { cwd: folder }).flatMap(
    (file) => read<Scorecard>(join(folder, file)) ?? [],
  );
  return { ledger, scorecards: Object.fromEntries(cards.map((card) => [card.profile, card])) };
}

/** The versions of an engine that are mined in a checkout, oldest first. */
export function minedVersions(corpora: string, engine: string): readonly string[] {
  const folder = join(corpora, engine);
  if (!existsSync(folder)) return [];
  const mined = readdirSync(folder).filter((version) => existsSync(join(folder, version, "ledger.json")));
  return mined.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** What the versions of an engine lost from one checkout to another; a version that went is a loss too. */
export const lossesBetween = (engine: string, before: string, after: string): readonly Loss[] =>
  minedVersions(before, engine).flatMap((version) => {
    const [was, is] = [standingOf(before, engine, version), standingOf(after, engine, version)];
    if (was === undefined) return [];
    const lost = is === undefined ? ["its rules are gone"] : lossesOf(was, is);
    return lost.map((loss) => `${engine} ${version}: ${loss}`);
  });

const read = <T>(file: string): T | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;

/** What a version lost against the same one in an earlier checkout, or where that is not mined, the newest before it. */
export function lossesSinceBefore(
  { engine, version }: { readonly engine: string; readonly version: string },
  before: string,
  after: string,
): readonly Loss[] {
  const known = minedVersions(before, engine);
  const older = known.findLast((each) => each.localeCompare(version, "en", { numeric: true }) < 0);
  const compared = known.includes(version) ? version : older;
  const is = standingOf(after, engine, version);
  const was = compared === undefined ? undefined : standingOf(before, engine, compared);
  return was === undefined || is === undefined ? [] : lossesOf(was, is);
}
