import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ProbeAnswer } from "../../src/probe/protocol.ts";
import { construct, hasPython, openToy, stagesOf, toyTransport } from "./toy.ts";

const BAD = "toy.bad.Bad";
const LIMITS = { seconds: 1, memoryBytes: 1 << 28 };

const outcome = (answer: ProbeAnswer | undefined): string => {
  if (answer === undefined) return "nothing";
  if (answer.kind === "lost") return answer.reason;
  const [stage] = stagesOf(answer);
  return stage?.exception?.type ?? stage?.outcome ?? answer.kind;
};

/** Runs one bad construction among good ones, which must not notice. */
async function among(how: string): Promise<string> {
  const probe = await openToy({ limits: LIMITS });
  const good = Array.from({ length: 10 }, (_, id) => construct(BAD, { how: `good ${id}` }, id));
  const answers = await probe.run([...good.slice(0, 5), construct(BAD, { how }, 99), ...good.slice(5)]);
  expect(answers.filter(({ id }) => id !== 99).map((answer) => [answer.id, outcome(answer)])).toEqual(
    good.map(({ id }) => [id, "returned"]),
  );
  return outcome(answers[5]);
}

/** Processes of this machine with a mark in their environment. */
const marked = (mark: string): readonly string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark);
    } catch {
      return false;
    }
  });

describe.skipIf(!hasPython)("the probe", () => {
  it.each([
    ["hang", "timeout"],
    ["wait", "timeout"],
    ["try-again", "returned"],
    ["exit", "exited"],
    ["abort", "exited"],
    ["kill", "memory"],
    ["memory", "memory"],
    ["eat", "memory"],
    ["sys-exit", "SystemExit"],
    ["interrupt", "KeyboardInterrupt"],
    ["recursion", "RecursionError"],
    ["fork", "returned"],
    ["fork-and-leave", "returned"],
    ["noise", "returned"],
    ["close", "returned"],
    ["input", "EOFError"],
    ["network", "OSError"],
    ["big", "returned"],
    ["kill-parent", "exited"],
  ])(
    "survives a constructor that does: %s [needs python3]",
    async (how, expected) => {
      expect(await among(how)).toBe(expected);
    },
    30_000,
  );

  it("marks answers that depend on the order [needs python3]", async () => {
    const probe = await openToy();
    const answers = await probe.run(Array.from({ length: 100 }, (_, id) => construct(BAD, { how: "state" }, id)));
    expect(answers.filter((answer) => answer.kind === "done" && answer.flaky).length).toBeGreaterThan(0);
    const steady = await probe.run(Array.from({ length: 100 }, (_, id) => construct(BAD, { how: "x" }, id)));
    expect(steady.filter((answer) => answer.kind === "done" && answer.flaky)).toEqual([]);
  });

  it("gives answers in the order of the requests, with their ids [needs python3]", async () => {
    const probe = await openToy({ batch: 7 });
    const requests = Array.from({ length: 50 }, (_, at) => construct(BAD, { how: `${at}` }, 1000 - at));
    const answers = await probe.run(requests);
    expect(answers.map(({ id }) => id)).toEqual(requests.map(({ id }) => id));
    expect(answers.map((answer) => stagesOf(answer)[0]?.state["how"])).toEqual(
      requests.map(({ keywords }) => keywords["how"]),
    );
  });

  it("leaves no process behind, also when it is stopped in the middle [needs python3]", async () => {
    const mark = `mark-${process.pid}-${Math.random()}`;
    const controller = new AbortController();
    const options = { signal: controller.signal, limits: { ...LIMITS, seconds: 30 } };
    const probe = await openToy({ ...options, transport: toyTransport("python3", { MARK: mark }) });
    const running = probe.run([construct(BAD, { how: "hang" })]);
    await expect.poll(() => marked(mark).length).toBe(2);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "run.interrupted" });
    await expect.poll(() => marked(mark)).toEqual([]);
  });

  it("cannot be opened on another source, without a landmark, or without the package [needs python3]", async () => {
    await expect(openToy({ files: { "toy/plain.py": "0".repeat(64) } })).rejects.toMatchObject({
      code: "mine.source-corrupt",
    });
    await expect(openToy({ files: { "../../etc/passwd": "" } })).resolves.toBeDefined();
    await expect(openToy({ landmarks: ["toy.LANDMARK", "toy.GONE", "toy.plain.Plain.gone"] })).rejects.toMatchObject({
      code: "mine.landmark-missing",
      context: { missing: ["toy.GONE", "toy.plain.Plain.gone"] },
    });
    await expect(openToy({ package: "no_such_package" })).rejects.toMatchObject({ code: "worker.failed" });
  });
});
