import {
  encodeValue,
  isFault,
  verdictOf,
  type Outcome,
  type PyValue,
  type Truth,
  type Verdict,
} from "../../../src/invariants/index.ts";
import type { Answer } from "./oracle.ts";

/** How a case came out: right, an unknown that all completions agree on, or wrong. */
export interface Comparison {
  readonly result: Verdict["result"];
  /** Of an unknown: why. */
  readonly reason?: string;
  /** The unknown is justified: facts are missing and the completions disagree. */
  readonly justified: boolean;
  readonly wrong?: string;
}

/** Sets have no order: their elements are sorted as the Python side does. */
function canonical(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(canonical);
  if (json === null || typeof json !== "object") return json;
  const { $py: type, value } = json as { $py?: string; value?: unknown };
  if (type !== "set" && type !== "frozenset")
    return Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, canonical(inner)]));
  const items = (value as unknown[])
    .map(canonical)
    .map((item) => JSON.stringify(item))
    .toSorted();
  return { $py: type, value: items };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));

const asPairs = (value: PyValue): unknown => tagDicts(encodeValue(value));

/** Plain objects as the pairs that the Python side writes. */
function tagDicts(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(tagDicts);
  if (json === null || typeof json !== "object") return json;
  if ("$py" in json) return { ...json, value: tagDicts((json as unknown as { value: unknown }).value) };
  return { $py: "dict", value: Object.entries(json).map(([key, value]) => [key, tagDicts(value)]) };
}

const kindOf = (answer: Answer): string => ("raises" in answer ? "raises" : String(answer.truth));

const sameException = (own: string, theirs: string): boolean => own === "Exception" || own === theirs;

/** Holds a verdict and a value against CPython's answers. */
export function compare(truth: Truth, value: Outcome, answers: readonly Answer[], complete: boolean): Comparison {
  const verdict = verdictOf(truth);
  const kinds = new Set(answers.map(kindOf));
  if (verdict.result === "unknown") return { result: "unknown", reason: verdict.reason, justified: kinds.size > 1 };
  const wrong = answers.find((answer) => kindOf(answer) !== verdict.result || !agrees(verdict, answer));
  const valueWrong = complete && answers.length === 1 ? wrongValue(value, answers[0] as Answer) : undefined;
  const report = wrong === undefined ? valueWrong : `${JSON.stringify(verdict)} but ${JSON.stringify(wrong)}`;
  return { result: verdict.result, justified: true, ...(report === undefined ? {} : { wrong: report }) };
}

const agrees = (verdict: Verdict, answer: Answer): boolean =>
  verdict.result !== "raises" || ("raises" in answer && sameException(verdict.exception, answer.raises));

function wrongValue(value: Outcome, answer: Answer): string | undefined {
  if (isFault(value)) return undefined;
  if ("raises" in answer) return `a value but ${answer.raises}`;
  const own = asPairs(value);
  return same(own, answer.value) ? undefined : `${JSON.stringify(own)} but ${JSON.stringify(answer.value)}`;
}
