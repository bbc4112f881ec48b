import type { CorpusEntry } from "./corpus.ts";

/**
 * The rules of a class as they hold in one profile. Of a profile that was not mined only those hold that were proven in
 * all that were.
 */
export function onProfile(entry: CorpusEntry, profile: string, mined: readonly string[]): CorpusEntry {
  const { rules, varies = {} } = entry;
  const isMined = mined.includes(profile);
  const holds = rules.filter((rule) => rule.profiles === undefined || (isMined && rule.profiles.includes(profile)));
  const own = Object.hasOwn(varies, profile) ? varies[profile] : undefined;
  if (own === undefined) return { ...entry, rules: holds };
  const effective = Object.entries({ ...entry.effective, ...own.effective }).filter(([, value]) => value !== null);
  return {
    ...entry,
    rules: holds,
    defaults: { ...entry.defaults, ...own.defaults },
    effective: Object.fromEntries(effective),
  };
}

/** Whether a class is another one from profile to profile. */
export const differsByProfile = ({ rules, varies }: CorpusEntry): boolean =>
  varies !== undefined || rules.some(({ profiles }) => profiles !== undefined);
