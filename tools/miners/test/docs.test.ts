import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeValue, type Values } from "@lem/config/invariants";
import { expect, test } from "vitest";
import { corpora, minedEngines } from "../scripts/corpora.ts";
import { invariantsPage } from "../scripts/invariants-page.ts";
import { miningPage } from "../scripts/mining-page.ts";
import { ExampleFinder } from "../src/replay/rule-examples.ts";

/** The pages are held against the committed ones by `pnpm check`; here, whether what they say is so. */

const engines = await corpora();
const mined = engines.filter(({ versions }) => versions.length > 0);

test("every engine that can be mined has rules, and a page", () => {
  expect(mined.map(({ engine }) => engine)).toEqual(minedEngines());
  for (const { engine } of mined)
    expect(existsSync(join(import.meta.dirname, `../../../docs/generated/invariants-${engine}.md`))).toBe(true);
});

test.each(mined.map((each) => [each.engine, each] as const))(
  "every rule of %s has its line",
  (_, each) => {
    const { text } = invariantsPage(each);
    const told = new Set([...text.matchAll(/\*\*([^*\n]+)\*\*/g)].map(([, id]) => id));
    for (const { rules } of each.versions)
      for (const [entry, { rules: all }] of Object.entries(rules.corpus.entries))
        expect(all.map(({ id }) => id.slice(entry.length + 1)).filter((id) => !told.has(id))).toEqual([]);
  },
  60_000,
);

/** The share of rules without an example: some of llama.cpp need an object with several keys at once. */
const WITHOUT_EXAMPLE: Readonly<Record<string, number>> = { "llama-cpp": 0.3 };

test.each(mined.flatMap(({ engine, versions }) => versions.map((each) => [engine, each.version, each.rules] as const)))(
  "%s %s: a bad example fires its rule, a good one does not",
  (engine, _version, rules) => {
    const examples = Object.entries(rules.corpus.entries).flatMap(([entry, { rules: all }]) => {
      const finders = new Map(
        Object.keys(rules.corpus.profiles).map((profile) => [profile, new ExampleFinder(rules, entry, profile)]),
      );
      return all.map((rule) => {
        const profile = rule.profiles?.[0] ?? rules.profileOn();
        return { entry, profile, id: rule.id, bad: undefined, good: undefined, ...finders.get(profile)?.find(rule) };
      });
    });
    type Example = (typeof examples)[number];
    const fires = ({ entry, profile, id }: Example, given: Values | undefined): boolean | undefined => {
      if (given === undefined) return undefined;
      const set = Object.fromEntries([...given].map(([name, value]) => [name, encodeValue(value)]));
      return rules.evaluate({ entry, set, profile }).rules.some((rule) => rule.id === id);
    };
    expect(examples.filter((each) => fires(each, each.bad) === false)).toEqual([]);
    expect(examples.filter((each) => fires(each, each.good) === true)).toEqual([]);
    expect(examples.filter(({ bad }) => bad === undefined).length).toBeLessThan(
      examples.length * (WITHOUT_EXAMPLE[engine] ?? 0.05),
    );
  },
  60_000,
);

test("the page about mining names every command, step folder and target key that there is", () => {
  const { text } = miningPage([]);
  const readme = readFileSync(join(import.meta.dirname, "../src/targets/target-file.ts"), "utf8");
  const keys = [...readme.slice(readme.indexOf("const TARGET")).matchAll(/^ {2}(\w+): /gm)].map(([, key = ""]) => key);
  expect(keys.length).toBeGreaterThan(7);
  for (const key of keys.filter((each) => each !== "engine")) expect(text).toContain(`\`${key}\``);
});
