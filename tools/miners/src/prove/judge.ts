import { isObject, type Values } from "@lem/config/invariants";
import { conditionOf, valueKey, type Answer, type Background } from "./background.ts";
import { reported, type Observation } from "./observe.ts";
import { isSeen, stageOf, type Claim } from "./signs.ts";

/**
 * How a claim and one observation go together. `fires` and `silent` agree; `hidden` is a refusal elsewhere that says
 * nothing; `open` is a condition that cannot be decided; `raises` a condition that raises where the class refuses.
 * `broad` is a claim of what did not happen, `loud` a condition that raises where the class does not refuse, and
 * `narrow` what happened although no claim of the group says so.
 */
export type Agreement = "fires" | "silent" | "hidden" | "open" | "raises" | "broad" | "loud" | "narrow";

/** Those that prove a claim wrong. */
export const CONTRADICTIONS: readonly Agreement[] = ["broad", "loud", "narrow"];

/** One claim, ready to be held against observations. */
export interface JudgedClaim {
  readonly claim: Claim;
  readonly answer: (given: Values) => Answer;
  /** Whether what it says shows in an observation; undefined where nothing can be seen. */
  readonly shows: (observation: Observation) => boolean | undefined;
}

/** Prepares a claim. */
export function judged(claim: Claim, background: Background): JudgedClaim {
  const { outcome, when, stage } = claim.candidate;
  const answer = remembered(conditionOf(when, background));
  if (outcome.kind !== "normalise") {
    const shows = (observation: Observation): boolean | undefined => {
      const at = stageOf(observation, stage);
      return at === undefined ? undefined : isSeen(claim, at);
    };
    return { claim, answer, shows };
  }
  return { claim, answer, shows: (observation) => isChanged(observation, outcome.field) };
}

/** The input of somebody who relies on defaults. */
export const NOTHING_GIVEN: Values = new Map();

const ANSWERS: readonly Answer[] = ["true", "false", "unknown", "raises"];
const NUMBERS = new WeakMap<Values, number>();
let numbered = 0;

function numberOf(given: Values): number {
  const known = NUMBERS.get(given);
  if (known !== undefined) return known;
  numbered += 1;
  NUMBERS.set(given, numbered);
  return numbered;
}

const PAGE = 4096;

/** The same inputs are judged again in every round: an answer is a byte, since there may be a million of them. */
function remembered(answer: (given: Values) => Answer): (given: Values) => Answer {
  const pages = new Map<number, Uint8Array>();
  return (given) => {
    const number = numberOf(given);
    const page = pages.get(Math.floor(number / PAGE)) ?? new Uint8Array(PAGE);
    const known = ANSWERS[(page[number % PAGE] ?? 0) - 1];
    if (known !== undefined) return known;
    const found = answer(given);
    page[number % PAGE] = ANSWERS.indexOf(found) + 1;
    pages.set(Math.floor(number / PAGE), page);
    return found;
  };
}

/** Whether given data ends as another value; undefined where none is given, or the class refuses the input. */
export function isChanged(observation: Observation, field: string): boolean | undefined {
  const given = observation.given.get(field);
  const end = finalValue(observation, field);
  return given === undefined || end === undefined || isObject(given) ? undefined : valueKey(given) !== valueKey(end);
}

/** A field after all calls; undefined where the construction was refused, or the value has no form as data. */
export function finalValue({ stages }: Observation, field: string): ReturnType<typeof reported> {
  const last = stages.at(-1);
  if (last === undefined || stages[0]?.outcome !== "returned" || !Object.hasOwn(last.state, field)) return undefined;
  return reported(last.state[field]);
}

/** How the claims of one group agree with an observation, in their order. */
export function agreementsOf(group: readonly JudgedClaim[], observation: Observation): readonly Agreement[] {
  const answers = group.map(({ answer }) => answer(observation.given));
  const claimed = answers.some((answer) => answer !== "false");
  return group.map((each, place) => agreementOf(each, answers[place] ?? "unknown", observation, claimed));
}

function agreementOf(each: JudgedClaim, answer: Answer, observation: Observation, claimed: boolean): Agreement {
  const shown = each.shows(observation);
  if (shown === undefined) return answer === "false" ? "silent" : "hidden";
  if (answer === "unknown") return "open";
  if (answer === "false") return shown && !claimed ? "narrow" : "silent";
  if (answer === "raises") return raisingAgreement(each, observation);
  return shown ? "fires" : unseenAgreement(each, observation);
}

/** A condition raises: the class must refuse the input, wherever. */
const raisingAgreement = ({ claim }: JudgedClaim, observation: Observation): Agreement =>
  refusedAt(observation, (stage) => claim.errorStages.includes(stage)) ? "raises" : "loud";

/** A condition holds, and what it says does not show: because of a refusal elsewhere, or it is wrong. */
function unseenAgreement(each: JudgedClaim, observation: Observation): Agreement {
  const refused = refusedAt(observation, (stage) => stage <= each.claim.candidate.stage);
  return refused || isSaidBefore(each.claim, observation) ? "hidden" : "broad";
}

/** Engines say some things only once. */
function isSaidBefore(claim: Claim, { stages }: Observation): boolean {
  const { outcome, stage } = claim.candidate;
  return outcome.kind === "warn" && stages.some((each) => each.stage < stage && isSeen(claim, each));
}

/** Whether the class refused the input in one of certain stages. */
export const refusedAt = ({ stages }: Observation, among: (stage: number) => boolean): boolean =>
  stages.some(({ outcome, stage }) => outcome === "raised" && among(stage));
