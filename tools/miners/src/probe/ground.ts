import type { GroundAnswer, GroundQuestion, GroundResolver } from "../candidates/ground.ts";
import type { EngineProbe } from "./open-probe.ts";

interface Waiting {
  readonly question: GroundQuestion;
  readonly answer: (answer: GroundAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/** Asks a probe for ground expressions: those that are asked at about the same time together, each place once. */
export function probeGround(probe: Pick<EngineProbe, "ground">): GroundResolver {
  const known = new Map<string, Promise<GroundAnswer>>();
  let waiting: Waiting[] = [];
  const flush = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    try {
      const answers = await probe.ground(asked.map(({ question }) => question));
      for (const [index, { answer }] of asked.entries())
        answer(answers[index] ?? { kind: "unavailable", reason: "no answer" });
    } catch (error) {
      for (const { fail } of asked) fail(error);
    }
  };
  const ask = (question: GroundQuestion): Promise<GroundAnswer> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(() => void flush());
      waiting.push({ question, answer: resolve, fail: reject });
    });
  return {
    resolve: (question) => {
      const key = JSON.stringify([question.path, question.span, question.imports]);
      const answer = known.get(key) ?? ask(question);
      known.set(key, answer);
      return answer;
    },
  };
}
