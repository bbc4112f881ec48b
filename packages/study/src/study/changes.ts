import { canonicalJson, type JsonObject, type JsonValue } from "@lem/domain";
import type { StudyManifest } from "../manifest/manifest.ts";
import { lemVersion } from "../version.ts";
import { runKey, type StudyAtHand } from "./open-study.ts";
import { textChanges } from "./text-changes.ts";

/** Lines that a list of differences shows. */
const SHOWN = 20;

/** What a study was, with the text that it was made from where that was kept. */
export interface StudyBefore {
  readonly manifest: StudyManifest;
  readonly before: string | null;
}

/** What differs between a study as it began and as it would be now, in lines for a person. */
export function changesOf({ manifest, before }: StudyBefore, at: StudyAtHand): readonly string[] {
  const after = at.options.source?.text ?? null;
  return [
    ...(before === null || after === null ? [] : shortened(textChanges(before, after))),
    ...settingChanges(manifest, at),
    ...runChanges(manifest, at),
    ...(manifest.lem_version === lemVersion() ? [] : [`  lem ${manifest.lem_version} -> ${lemVersion()}`]),
  ];
}

function settingChanges({ execution }: StudyManifest, { plan }: StudyAtHand): readonly string[] {
  const [old, now] = [leaves({ execution }), leaves({ execution: plan.execution })];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => `  ${path}: ${old.get(path) ?? "-"} -> ${now.get(path) ?? "-"}`);
}

function leaves(value: object): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (at: JsonValue, path: string): void => {
    if (typeof at !== "object" || at === null || Array.isArray(at)) found.set(path, canonicalJson(at));
    else for (const [key, each] of Object.entries(at as JsonObject)) visit(each, path === "" ? key : `${path}.${key}`);
  };
  visit(value as JsonObject, "");
  return found;
}

function runChanges(manifest: StudyManifest, { runs, plan }: StudyAtHand): readonly string[] {
  const old = new Map(manifest.entries.map((entry) => [runKey(entry), entry]));
  const labels = new Map(manifest.experiments.map(({ id, label }) => [id, label]));
  const added: string[] = [];
  for (let slot = 0; slot < runs.length; slot++)
    if (!old.delete(runKey(runs.at(slot)))) added.push(`  + ${runs.pointAt(slot).label || plan.name}`);
  const gone = [...old.values()].map(({ experiment_id, status }) => {
    const label = labels.get(experiment_id) || experiment_id;
    return `  - ${label}${status === "completed" ? " (has a result)" : ""}`;
  });
  if (added.length + gone.length > 0) return [...shortened(unique(gone)), ...shortened(unique(added))];
  return ["  the same runs, in another order or with other settings"];
}

const unique = (lines: readonly string[]): readonly string[] => [...new Set(lines)];

const shortened = (lines: readonly string[]): readonly string[] =>
  lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `  … and ${lines.length - SHOWN} more`];
