import { LIMITS } from "../limits.ts";
import { readPattern, type Pattern } from "./syntax.ts";

/** One state: consume a character of a class, go on at two places, or accept. */
type State =
  | { readonly kind: "characters"; readonly accepts: (code: number) => boolean; readonly next: number }
  | { readonly kind: "split"; next: readonly number[] }
  | { readonly kind: "accept" };

/** Decides whether the pattern matches the whole text, in time linear in the text. */
export type Matcher = (text: string) => boolean;

/** Compiles a pattern; answers in words why it is outside the portable subset. */
export function compilePattern(source: string): Matcher | string {
  const pattern = readPattern(source);
  if (typeof pattern === "string") return pattern;
  const states: State[] = [{ kind: "accept" }];
  const start = emit(pattern, states, 0);
  return start === undefined ? "the pattern is too large" : (text) => run(states, start, text);
}

/** Adds the states of a pattern that goes on at `next`; answers where it starts, undefined if it grows too large. */
function emit(pattern: Pattern, states: State[], next: number): number | undefined {
  if (states.length > LIMITS.patternStates) return undefined;
  if (pattern.kind === "characters") return push(states, { kind: "characters", accepts: acceptor(pattern), next });
  if (pattern.kind === "repeat") return emitRepeat(pattern, states, next);
  if (pattern.kind === "choice") {
    const starts = pattern.parts.map((part) => emit(part, states, next));
    return starts.includes(undefined) ? undefined : push(states, { kind: "split", next: starts as number[] });
  }
  return pattern.parts.reduceRight<number | undefined>(
    (at, part) => (at === undefined ? undefined : emit(part, states, at)),
    next,
  );
}

const push = (states: State[], state: State): number => states.push(state) - 1;

function acceptor({ ranges, negated }: Extract<Pattern, { kind: "characters" }>): (code: number) => boolean {
  return (code) => ranges.some(([first, last]) => code >= first && code <= last) !== negated;
}

function emitRepeat(
  { of, least, most }: Extract<Pattern, { kind: "repeat" }>,
  states: State[],
  next: number,
): number | undefined {
  let at: number | undefined = next;
  if (most === Infinity) {
    const loop: Extract<State, { kind: "split" }> = { kind: "split", next: [next] };
    at = push(states, loop);
    const body = emit(of, states, at);
    if (body === undefined) return undefined;
    loop.next = [body, next];
  }
  for (let copy = least; copy < most && most !== Infinity; copy += 1) {
    const body: number | undefined = at === undefined ? undefined : emit(of, states, at);
    at = body === undefined ? undefined : push(states, { kind: "split", next: [body, next] });
  }
  for (let copy = 0; copy < least; copy += 1) at = at === undefined ? undefined : emit(of, states, at);
  return at;
}

function run(states: readonly State[], start: number, text: string): boolean {
  let active = closure(states, [start]);
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const reached: number[] = [];
    for (const place of active) {
      const state = states[place];
      if (state?.kind === "characters" && state.accepts(code)) reached.push(state.next);
    }
    if (reached.length === 0) return false;
    active = closure(states, reached);
  }
  return active.has(0);
}

/** All states that are reached without a character. */
function closure(states: readonly State[], from: readonly number[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    const state = states[place];
    if (state?.kind === "split") open.push(...state.next);
  }
  return seen;
}
