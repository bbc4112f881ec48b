import type { GroundAnswer, GroundQuestion } from "../candidates/ground.ts";
import { decodeGround } from "./ground-answer.ts";
import type { DescribeAnswer } from "./description.ts";
import type { Probe, ProbeAnswer, ProbeHello, ProbeRequest } from "./protocol.ts";
import { runProbes, type RunOptions } from "./runs.ts";
import { ProbeSession, type ProbeLimits, type SessionOptions } from "./session.ts";

/** What a probe is opened for; limits and order have usual values. */
export interface ProbeOptions extends Omit<SessionOptions, "limits"> {
  readonly limits?: ProbeLimits;
  /** Decides the order of probes, and which are repeated. */
  readonly seed?: number;
  /** Probes that one forked child answers. */
  readonly batch?: number;
}

/** A probe that also tells of classes and of the engine's constants. */
export interface EngineProbe extends Probe {
  /** What the live classes say of themselves, in the order of the names. */
  describe(classes: readonly string[]): Promise<readonly DescribeAnswer[]>;
  /** The objects of dotted names, in their order. */
  resolve(names: readonly string[]): Promise<readonly GroundAnswer[]>;
  /** The values of expressions of the source, in the order of the questions. */
  ground(questions: readonly GroundQuestion[]): Promise<readonly GroundAnswer[]>;
}

const LIMITS: ProbeLimits = { seconds: 10, memoryBytes: 1 << 30 };
const BATCH = 200;
/** A child that tries folders looks at each of them first. */
const LONG_BATCH = 2000;
const REPEATED = 0.02;
/** A child that hangs is given up within its limit; the probe itself answers soon after. */
const SLACK_MS = 60_000;

/**
 * Starts the Python probe on an installed engine. Every probe and question runs in a forked child of a process that
 * has only imported the engine.
 * @throws LemError `worker.*`, `mine.source-corrupt` (another source), `mine.landmark-missing`, `run.interrupted`
 */
export async function openProbe(options: ProbeOptions): Promise<EngineProbe> {
  const { limits = LIMITS, seed = 1, folders = [] } = options;
  const { batch = folders.length > 0 ? LONG_BATCH : BATCH } = options;
  const session = await ProbeSession.open({ ...options, limits });
  return new OpenProbe(session, { seed, batch, repeated: REPEATED, silenceMs: limits.seconds * 1000 + SLACK_MS });
}

class OpenProbe implements EngineProbe {
  readonly #session: ProbeSession;
  readonly #options: RunOptions;
  #runs = 0;

  constructor(session: ProbeSession, options: RunOptions) {
    this.#session = session;
    this.#options = options;
  }

  get hello(): ProbeHello {
    return this.#session.hello;
  }

  run(requests: readonly ProbeRequest[]): Promise<readonly ProbeAnswer[]> {
    this.#runs += 1;
    return runProbes(this.#session, requests, { ...this.#options, seed: this.#options.seed + this.#runs });
  }

  describe(classes: readonly string[]): Promise<readonly DescribeAnswer[]> {
    return this.#list("describe", { classes }) as Promise<readonly DescribeAnswer[]>;
  }

  async resolve(names: readonly string[]): Promise<readonly GroundAnswer[]> {
    return (await this.#list("resolve", { names })).map(decodeGround);
  }

  async ground(questions: readonly GroundQuestion[]): Promise<readonly GroundAnswer[]> {
    return (await this.#list("ground", { questions })).map(decodeGround);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** One more try when the probe ended: none of these questions should end it. */
  async #list(op: "describe" | "resolve" | "ground", body: Readonly<Record<string, unknown>>): Promise<unknown[]> {
    const ask = async (): Promise<unknown[]> => {
      const answers: unknown[] = [];
      await this.#session.ask({
        op,
        body,
        silenceMs: this.#options.silenceMs,
        onAnswer: (each) => void answers.push(each),
      });
      return answers;
    };
    try {
      return await ask();
    } catch (error) {
      await this.#session.restart(error);
      return ask();
    }
  }
}
