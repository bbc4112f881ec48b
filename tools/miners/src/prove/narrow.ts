import type { Expr } from "@lem/config/invariants";
import { mayRaise } from "../walk/expr/kinds.ts";
import { atomTable, logicOf } from "./atoms.ts";
import type { Answer } from "./background.ts";
import { quieted } from "./decide.ts";
import type { AtomEffect } from "./independence.ts";
import type { EntryProof, ProvenClaim } from "./prove-entry.ts";
import { judged } from "./judge.ts";
import { ObservationIndex } from "./relevant.ts";

/**
 * A claim with parts of which nobody knows whether they matter, held to what was seen: where the class did it with one
 * answer of such a part alone, the claim says no more than that. It keeps all of its confirmations.
 */
export function narrowed(proven: ProvenClaim, { background, observations }: EntryProof): ProvenClaim {
  const { claim, atoms: effects } = proven;
  if (!effects.includes("unseen")) return proven;
  const { when } = claim.candidate;
  const { atoms } = logicOf(when);
  const each = judged(claim, background);
  const firing = new ObservationIndex(observations)
    .of([each])
    .filter((seen) => each.answer(seen.given) === "true" && each.shows(seen) === true);
  const answersTo = atomTable(atoms, background);
  const tables = firing.map(({ given }) => answersTo(given));
  const pins: Expr[] = [];
  const told = effects.map((effect, place): AtomEffect => {
    if (effect !== "unseen") return effect;
    const answers = new Set<Answer | undefined>(tables.map((answer) => answer[place]));
    if (answers.has("true") && answers.has("false")) return "free";
    const pin = pinned(atoms[place], answers);
    if (pin === undefined) return effect;
    pins.push(pin);
    return "pinned";
  });
  const parts = when.op === "all" ? when.args : [when];
  const candidate = pins.length === 0 ? claim.candidate : { ...claim.candidate, when: allOf([...parts, ...pins]) };
  return { ...proven, claim: { ...claim, candidate }, atoms: told, isPartial: proven.isPartial || pins.length > 0 };
}

const allOf = (args: readonly Expr[]): Expr => ({ op: "all", args });

/** The part, or its opposite, that held wherever the class did it; undefined where it had no answer there. */
function pinned(atom: Expr | undefined, answers: ReadonlySet<Answer | undefined>): Expr | undefined {
  const [only] = answers;
  if (atom === undefined || answers.size !== 1 || (only !== "true" && only !== "false")) return undefined;
  const held: Expr = only === "true" ? atom : { op: "not", of: atom };
  return mayRaise(atom) ? quieted(held) : held;
}
