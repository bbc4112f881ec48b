import { printPredicate, pythonLiteral, type Values } from "@lem/config/invariants";
import { STRATA } from "../prove/random-inputs.ts";
import type { UnionScore } from "../prove/union.ts";
import type { Mined, MinedProfile } from "./corpus-texts.ts";
import { contradicted, type MinedEntry } from "./reviewed.ts";

/** What came out for one class, in a few lines: rules, quarantine, and where rules and class disagree. */
export function entryReport(entry: MinedEntry, seconds: number): string {
  const { model, proof, reduced } = entry;
  const { scores, effective, troubles } = proof;
  const totals = (of: readonly string[]): string =>
    Object.entries(Object.groupBy(of, (each) => each))
      .map(([word, all]) => `${word} ${all?.length ?? 0}`)
      .join(", ") || "none";
  const lines = [
    `${model.entry} (${seconds.toFixed(1)} s, ${proof.observations.length} inputs, lost ${troubles.lost}, flaky ${troubles.flaky})`,
    `  rules: ${totals(reduced.rules.map(({ severity }) => severity))}; subsumed ${reduced.subsumed.length}`,
    `  quarantine: ${totals(contradicted(entry).map(({ reason }) => reason))}`,
    `  effective: ${Object.keys(effective.proven).length} fields, ${effective.right} of ${effective.changed} changed inputs right, ${effective.refuted.length} refuted`,
    ...effective.missed
      .slice(0, 5)
      .map(({ field, count, example }) => `    change of ${field} missed ${count} times: ${inputText(example)}`),
    ...(proof.base === undefined ? ["  no input was found that the class accepts"] : []),
    ...STRATA.map((stratum) => `  ${stratum.padEnd(8)}${scoreText(scores[stratum])}`),
    ...proof.refuted
      .filter(({ reason }) => !["unreachable", "shadowed"].includes(reason))
      .slice(0, 20)
      .map(({ claim, reason, counterexample }) => {
        const { place, when } = claim.candidate;
        const at = place.kind === "site" ? `${place.qualname}:${place.line}` : `${place.field} ${place.errorType}`;
        const example = counterexample === undefined ? "" : ` at ${inputText(counterexample.given)}`;
        return `  ${reason} ${at} ${JSON.stringify(printPredicate(when)).slice(0, 160)}${example}`;
      }),
  ];
  return `${lines.join("\n")}\n`;
}

function scoreText({ inputs, refused, right, wrong, missed }: UnionScore): string {
  const head = `${inputs} inputs, ${refused} refused, ${right} foretold, ${wrong} wrongly`;
  const places = missed
    .slice(0, 6)
    .map(({ origin, count, example }) => `    missed ${count}: ${origin} at ${inputText(example)}`);
  return [head, ...places].join("\n");
}

const inputText = (given: Values): string =>
  `(${[...given].map(([name, value]) => `${name}=${pythonLiteral(value)}`).join(", ")})`;

function profileText({ profile, entries }: MinedProfile): string {
  const rules = entries.flatMap(({ reduced }) => reduced.rules);
  return `${profile}: ${rules.length} rules, ${entries.flatMap(contradicted).length} candidates in quarantine`;
}

/** The whole version in one screen. */
export function mineReport({ ledger, profiles, inputs }: Mined): string {
  const [{ entries } = { entries: [] }] = profiles;
  const lines = [
    `${ledger.engine} ${ledger.source.version}: ${entries.length} classes, ${ledger.sites.length} sites, inputs ${inputs.slice(0, 12)}`,
    ...profiles.map(profileText),
  ];
  return `${lines.join("\n")}\n`;
}
