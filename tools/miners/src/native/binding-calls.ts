import { closing, commaParts, type CppText, type Part } from "./cpp-text.ts";

/** A call of the form `.name<...>(...)`, or of a function; with its arguments. */
export interface BindingCall {
  readonly name: string;
  readonly types: Part | undefined;
  readonly arguments: readonly Part[];
  /** Behind its closing parenthesis. */
  readonly end: number;
}

/** The call whose name starts at an offset; undefined when no call stands there. */
export function callAt({ code }: CppText, at: number): BindingCall | undefined {
  const name = /^[\w:]+/.exec(code.slice(at, at + 200))?.[0];
  if (name === undefined) return undefined;
  let next = at + name.length;
  let types: Part | undefined;
  if (code[next] === "<") {
    const close = closingAngle(code, next);
    types = { start: next + 1, end: close };
    next = close + 1;
  }
  next += /^\s*/.exec(code.slice(next))?.[0].length ?? 0;
  if (code[next] !== "(") return undefined;
  const close = closing(code, next);
  return { name, types, arguments: commaParts(code, { start: next + 1, end: close }), end: close + 1 };
}

/** The calls `.a(...).b(...)` that follow an offset. */
export function chainAt(text: CppText, at: number): readonly BindingCall[] {
  const calls: BindingCall[] = [];
  for (let next = at; ;) {
    const dot = /^\s*\.\s*/.exec(text.code.slice(next, next + 2000))?.[0];
    const call = dot === undefined ? undefined : callAt(text, next + dot.length);
    if (call === undefined) return calls;
    calls.push(call);
    next = call.end;
  }
}

function closingAngle(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    const char = code[at];
    if (char === "(" || char === "{") at = closing(code, at);
    else if (char === "<") depth += 1;
    else if (char === ">") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return code.length;
}
