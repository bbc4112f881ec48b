import type { EngineId } from "@lem/domain";
import type { RulesLookup, SchemaLookup } from "./corpora.ts";
import type { InvariantFindings } from "./corpus/section.ts";
import { isOtherMajor } from "./corpus/versions.ts";
import type { Finding } from "./problem.ts";
import { isExtra, type EngineSections } from "./sections.ts";
import type { MapNode, Path } from "./yaml/located.ts";

/** What rules are checked with. */
export interface InvariantOptions {
  readonly lookup: RulesLookup;
  readonly schema: SchemaLookup;
  /** The version that was asked for. */
  readonly askedVersion: string | undefined;
  readonly profile: string | undefined;
}

const NOTHING: InvariantFindings = { findings: [], changed: [], neutral: [] };

/**
 * Evaluates the rules of an engine over its sections, as they reach it. The rules are loaded when a section needs them.
 * Those of another major version only warn: of what transformers 5.17 takes, 1.4 % breaks a rule of 4.57.6 (scorecard, temporal).
 */
export async function checkInvariants(
  sections: EngineSections,
  { lookup, schema, askedVersion, profile }: InvariantOptions,
): Promise<InvariantFindings> {
  const { engine, merged } = sections;
  if (merged.size === 0) return NOTHING;
  if (lookup.status === "missing")
    return { findings: isAnyWritten(sections) ? [missingRules(engine)] : [], changed: [], neutral: [] };
  const rules = await lookup.load();
  const { checkSection } = await import("./corpus/section.ts");
  const { withoutUnknownKeys } = await import("./corpus/passed-on.ts");
  const checked = [...merged].map(([name, whole]) => {
    const pathOf = (key: string): Path => [engine, ...(isExtra(sections, name, key) ? ["extra"] : []), name, key];
    const { node, unknown } = withoutUnknownKeys({
      rules,
      name,
      node: whole,
      profile,
      isExtra: (key) => isExtra(sections, name, key),
      schema: schema.status === "missing" ? undefined : schema.schema,
    });
    const judged = checkSection({ rules, engine, name, node, pathOf, profile });
    const passedOn = unknown.map((key) => unknownToEngine(engine, lookup.version, pathOf(key)));
    const on = rules.profileOn(profile);
    const unchecked = isWritten(whole) && !rules.covers(name, on) ? [uncheckedSection(sections, name, on)] : [];
    return { ...judged, findings: [...judged.findings, ...passedOn, ...unchecked] };
  });
  const findings = checked.flatMap((each) => each.findings);
  const changed = checked.flatMap((each) => each.changed);
  const neutral = checked.flatMap((each) => each.neutral);
  if (lookup.status === "exact") return { findings, changed, neutral };
  const said = otherVersion(engine, lookup.version, askedVersion);
  return { findings: [said, ...asAdvice(findings, lookup.version, askedVersion)], changed, neutral };
}

const unknownToEngine = (engine: EngineId, version: string, path: Path): Finding => ({
  code: "config.unknown-key",
  severity: "warn",
  path,
  at: "key",
  message: `${engine} ${version} does not know ${path.at(-1) ?? ""}: it is passed on all the same`,
});

/** What a preset writes needs no rules: it is ours. */
const isAnyWritten = ({ merged }: EngineSections): boolean => [...merged.values()].some(isWritten);

const isWritten = ({ entries }: MapNode): boolean =>
  [...entries.values()].some(({ value }) => value.origin !== "preset");

const uncheckedSection = ({ engine }: EngineSections, section: string, profile: string): Finding => ({
  code: "config.corpus-missing",
  severity: "warn",
  path: [engine, section],
  at: "key",
  message: `there are no rules for ${section} of ${engine} on ${profile}: what it refuses, ignores or changes shows only when it runs`,
});

const missingRules = (engine: EngineId): Finding => ({
  code: "config.corpus-missing",
  severity: "warn",
  path: [engine],
  at: "key",
  message: `there are no rules for ${engine}: what it refuses, ignores or changes shows only when it runs`,
});

const otherVersion = (engine: EngineId, version: string, asked: string | undefined): Finding => ({
  code: "config.corpus-missing",
  severity: "warn",
  path: [engine],
  at: "key",
  message: `there are no rules for ${asked === undefined ? engine : `${engine} ${asked}`}: those of ${version} are used`,
});

/** True for rules that only advise: of another major version than the one that was asked for. */
export const onlyAdvise = (version: string, asked: string | undefined): boolean =>
  asked !== undefined && isOtherMajor(asked, version);

/** What rules of another major version refuse is told, and left to the engine. */
function asAdvice(findings: readonly Finding[], version: string, asked: string | undefined): readonly Finding[] {
  if (!onlyAdvise(version, asked)) return findings;
  return findings.map((finding) => ({
    ...finding,
    severity: "warn",
    message: `${finding.message} (so it was in ${version}; ${asked} may differ)`,
  }));
}
