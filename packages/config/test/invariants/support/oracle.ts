import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { childrenOf, encodeValue, toPython, type Expr, type PyValue } from "../../../src/invariants/index.ts";
import type { Case } from "./generate.ts";
import { completion } from "./pools.ts";
import type { Random } from "./random.ts";

/** What CPython answered for one environment. */
export type Answer = { readonly value: unknown; readonly truth: boolean } | { readonly raises: string };

/** Whether this machine has a CPython of 3.11 or later. */
export const hasPython: boolean =
  spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).status === 0;

const tagged = (values: ReadonlyMap<string, PyValue>): Record<string, unknown> =>
  Object.fromEntries([...values].map(([name, value]) => [name, encodeValue(value)]));

/** The environment of a case, with values for what it lacks. */
function environment(one: Case, lacking: { fields: Map<string, PyValue>; facts: Map<string, PyValue> }): unknown {
  const fields = new Map([...one.defaults, ...one.declared, ...lacking.fields]);
  const usual = new Map([...one.defaults, ...lacking.fields]);
  return {
    self: tagged(fields),
    given: [...one.declared.keys()],
    defaults: tagged(usual),
    facts: tagged(new Map([...one.facts, ...lacking.facts])),
    domains: tagged(one.domains),
  };
}

/** Constants of a predicate and the integers beside them. */
function interestingValues(expr: Expr): readonly PyValue[] {
  const own =
    expr.op === "const"
      ? [expr.value, ...(typeof expr.value === "number" ? [expr.value - 1, expr.value + 1] : [])]
      : [];
  return [...own, ...childrenOf(expr).flatMap(interestingValues)];
}

/** All environments that a case is evaluated in: one, or as many as told when facts are missing. */
export function environments(one: Case, random: Random, completions: number): readonly unknown[] {
  const lacking = [...one.missing.fields, ...one.missing.facts].length > 0;
  const undecided = [...one.declared.keys()].filter((path) => !one.defaults.has(path));
  const values = [...interestingValues(one.expr), ...one.declared.values(), ...one.facts.values()];
  const complete = (names: Iterable<string>): Map<string, PyValue> =>
    new Map([...names].map((name) => [name, completion(random, values)]));
  return Array.from({ length: lacking || undecided.length > 0 ? completions : 1 }, () => {
    const fields = complete(one.missing.fields);
    const filled = { ...one, defaults: new Map([...one.defaults, ...complete(undecided)]) };
    return environment(filled, { fields, facts: complete(one.missing.facts) });
  });
}

/** One CPython process that answers batches of cases, in their order. */
export class CPython {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    const script = join(import.meta.dirname, "cpython.py");
    this.#process = spawn("python3", ["-I", script], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async ask(cases: readonly Question[]): Promise<readonly (readonly Answer[])[]> {
    for (const { expr, environments: e } of cases)
      this.#process.stdin.write(`${JSON.stringify({ s: toPython(expr), e })}\n`);
    const answers: (readonly Answer[])[] = [];
    while (answers.length < cases.length) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error("CPython ended before it answered everything");
      answers.push(JSON.parse(value) as readonly Answer[]);
    }
    return answers;
  }

  /** Ends the process and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await gone;
  }
}

/** A predicate with the environments that it is evaluated in. */
export interface Question {
  readonly expr: Expr;
  readonly environments: readonly unknown[];
}
