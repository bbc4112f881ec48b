import { expect, it } from "vitest";
import { casesOf, judge, opsOf, report } from "./support/batch.ts";
import { OPS } from "./support/generate.ts";
import { CPython, environments, hasPython } from "./support/oracle.ts";
import { Random } from "./support/random.ts";

const BATCH = 2_500;
const CASES = 42 * BATCH;
const SEED = 20_261_122;
/** Environments for a case that lacks facts. */
const COMPLETIONS = 24;

/** Counts by name. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }
}

it.runIf(hasPython)(
  "agrees with CPython on 105,000 random cases, unknown only where facts decide [needs python3]",
  { timeout: 900_000 },
  async () => {
    await using python = new CPython();
    const random = new Random(SEED);
    const [results, operators, unknowns] = [new Tally(), new Tally(), new Tally()];
    const wrong: string[] = [];
    for (let batch = 0; batch < CASES / BATCH; batch += 1) {
      const cases = casesOf(SEED + batch, BATCH);
      const questions = cases.map((one) => ({ expr: one.expr, environments: environments(one, random, COMPLETIONS) }));
      const answers = await python.ask(questions);
      for (const [index, one] of cases.entries()) {
        const comparison = judge(one, answers[index] ?? []);
        if (comparison.wrong !== undefined) wrong.push(report(one, comparison));
        const { result, reason = "", justified } = comparison;
        results.add(reason === "missing" || result !== "unknown" ? result : "abstained");
        if (result === "unknown") unknowns.add(`${reason} ${justified ? "justified" : "cautious"}`);
        for (const op of opsOf(one.expr)) operators.add(op);
      }
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    const share = (name: string): number => results.of(name) / CASES;
    expect(OPS.filter((op) => operators.of(op) < 1_000)).toEqual([]);
    expect(["true", "false", "unknown", "raises"].filter((result) => share(result) < 0.1)).toEqual([]);
    expect(share("abstained")).toBeLessThan(0.04);
    const justified = unknowns.of("missing justified");
    expect(justified / (justified + unknowns.of("missing cautious"))).toBeGreaterThan(0.7);
  },
);
