import { setImmediate } from "node:timers/promises";
import { decodeValue, encodeValue, type PyValue, type Values } from "@lem/config/invariants";
import { isLemError } from "@lem/domain";
import type { Probe, ProbeAnswer, ProbeRequest, ProbeStage, Tagged } from "../probe/protocol.ts";
import type { TargetCall } from "../targets/target.ts";
import { inputKey } from "./background.ts";
import { Unanswerable } from "./unanswerable.ts";

/** What the real class did with one input. */
export interface Observation {
  readonly given: Values;
  /** By number; a stage that a refusal before it prevented is not there. */
  readonly stages: readonly ProbeStage[];
  readonly flaky: boolean;
}

/** What the observations of one class are made with. */
export interface ObserverSetup {
  readonly entry: string;
  readonly calls: readonly TargetCall[];
  /** Attributes to report besides the given fields. */
  readonly report: readonly string[];
}

const BATCH = 4000;

/** Tries inputs on one class; an input that was tried is remembered. Searches that ask at the same time are answered by one run. */
export class Observer {
  readonly #probe: Probe;
  readonly #setup: ObserverSetup;
  readonly #known = new Map<string, Observation | undefined>();
  readonly #asked = new Map<string, Values>();
  readonly #unanswerable = new Unanswerable();
  /** The run that still takes what is asked. */
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #lost = 0;
  #flaky = 0;

  constructor(probe: Probe, setup: ObserverSetup) {
    this.#probe = probe;
    this.#setup = setup;
  }

  /** Every input that was answered, once. */
  get all(): readonly Observation[] {
    return [...this.#known.values()].filter((each) => each !== undefined);
  }

  /** How many inputs got no answer, or not the same one twice. */
  get troubles(): { readonly lost: number; readonly flaky: number } {
    return { lost: this.#lost, flaky: this.#flaky };
  }

  /** Observes inputs, in their order; one without an answer is undefined. */
  async observe(inputs: readonly Values[]): Promise<readonly (Observation | undefined)[]> {
    const keyed = inputs.map((given) => [inputKey(given), given] as const);
    const open = keyed.filter(([key, given]) => !this.#known.has(key) && !this.#unanswerable.holds(given));
    for (const [key, given] of open) this.#asked.set(key, given);
    if (open.length > 0) {
      this.#next ??= this.#last = this.#run(this.#last);
      await this.#next;
    }
    return keyed.map(([key]) => this.#known.get(key));
  }

  /** Begins when all who can ask now have asked, and the run before is over. */
  async #run(before: Promise<void>): Promise<void> {
    await before;
    await setImmediate();
    const open = [...this.#asked];
    this.#asked.clear();
    this.#next = undefined;
    for (let start = 0; start < open.length; start += BATCH) await this.#batch(open.slice(start, start + BATCH));
  }

  async #batch(open: readonly (readonly [string, Values])[]): Promise<void> {
    const requests = open.map(([, given], id) => this.#request(id, given));
    const answers = await this.#probe.run(requests);
    for (const [place, [key, given]] of open.entries()) {
      const observation = observationOf(given, answers[place]);
      this.#unanswerable.take(given, observation !== undefined);
      if (observation === undefined) this.#lost += 1;
      if (observation?.flaky === true) this.#flaky += 1;
      this.#known.set(key, observation);
    }
  }

  #request(id: number, given: Values): ProbeRequest {
    const { entry, calls, report } = this.#setup;
    const keywords = Object.fromEntries([...given].map(([name, value]) => [name, encodeValue(value)]));
    return {
      id,
      entry,
      keywords,
      calls: calls.map(({ method, keywords: own }) => ({ method, keywords: own })),
      report,
    };
  }
}

function observationOf(given: Values, answer: ProbeAnswer | undefined): Observation | undefined {
  if (answer?.kind !== "done") return undefined;
  return { given, stages: answer.stages.filter(({ outcome }) => outcome !== "skipped"), flaky: answer.flaky };
}

/** A value that a probe reported; undefined for one that has no form as data. */
export function reported(value: Tagged): PyValue | undefined {
  try {
    return decodeValue(value);
  } catch (error) {
    if (isLemError(error)) return undefined;
    throw error;
  }
}
