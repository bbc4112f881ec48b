import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkerSession } from "../../src/worker/session.ts";
import { loadBody, modelPath, openEngine, runGroups, temporaryFolder, type Answer } from "./fixtures/engine.ts";

const LENGTHS = [9, 3, 6];
const OUTPUT = 24;
const GROUP = LENGTHS.map((length, r) => ({
  r,
  tokens: Array.from({ length }, (_, place) => 40 + 17 * r + 5 * place),
  output_tokens: OUTPUT,
}));

const counts = (answers: readonly Answer[]): readonly (number | undefined)[] =>
  answers.map(({ finished }) => finished?.output_tokens);

/** The first place at which a token appears, counted from 1: where an output that ends with it is cut. */
const lengthTo = (ids: readonly number[], token: number): number =>
  ids.includes(token) ? ids.indexOf(token) + 1 : ids.length;

describe("a group of requests of unequal length", { timeout: 300_000 }, () => {
  const [folder, remove] = temporaryFolder();
  let session: WorkerSession;
  let model: string;
  /** Outputs of the pinned run: no end of sequence anywhere. */
  let pinned: readonly Answer[];

  beforeAll(async () => {
    model = await modelPath("builtin:tiny", "hf-folder");
    session = await openEngine(folder);
    await session.request("load", loadBody(model));
    pinned = (await runGroups(session, [GROUP])).answers;
  }, 300_000);

  afterAll(async () => {
    await session?.close();
    remove();
  });

  it("counts neither padding nor anything but its own tokens when the output is pinned", () => {
    expect(counts(pinned)).toEqual([OUTPUT, OUTPUT, OUTPUT]);
    expect(pinned.map(({ finished }) => finished?.input_tokens)).toEqual(LENGTHS);
    expect(pinned.map(({ ids }) => ids.length)).toEqual([OUTPUT, OUTPUT, OUTPUT]);
    expect(pinned.map(({ finished }) => finished?.timing)).toEqual(["step", "step", "step"]);
  });

  it("shares the time of each step", () => {
    const [first, second] = pinned.map(({ times }) => times);
    expect(first).toEqual(second);
    expect(first?.every((time, place) => place === 0 || time > (first[place - 1] ?? 0))).toBe(true);
  });

  it("ends each request at its own limit", async () => {
    const limits = [4, OUTPUT, 1];
    const group = GROUP.map((request, place) => ({ ...request, output_tokens: limits[place] ?? 0 }));
    const { answers, reply } = await runGroups(session, [group]);
    expect(counts(answers)).toEqual(limits);
    expect(answers.map(({ ids }, place) => ids.length === limits[place])).toEqual([true, true, true]);
    expect(answers.map(({ ids }, place) => ids.every((id, at) => id === pinned[place]?.ids[at]))).toEqual([
      true,
      true,
      true,
    ]);
    expect(answers[0]?.finished?.t_ns).toBeLessThan(answers[1]?.finished?.t_ns ?? 0);
    expect(reply.batch_occupancy).toBeCloseTo((3 + (OUTPUT - 1) + 0) / (3 * (OUTPUT - 1)));
  });

  it("ends each request at its own end of sequence, which counts, and nothing after it does", async () => {
    const [first, second] = pinned;
    // Tokens of two outputs become ends of sequence: the three requests then end at different places.
    const ends = [first?.ids[10] ?? 0, second?.ids[4] ?? 0];
    const expected = pinned.map(({ ids }) => Math.min(...ends.map((end) => lengthTo(ids, end))));
    expect(new Set(expected).size).toBeGreaterThan(1);
    await session.request("unload", {});
    await session.request("load", loadBody(model, { generation: { eos_token_id: ends } }));
    const { answers } = await runGroups(session, [GROUP], { pinned: false });
    expect(counts(answers)).toEqual(expected);
    for (const [place, answer] of answers.entries()) {
      expect(answer.ids).toEqual(pinned[place]?.ids.slice(0, expected[place]));
      expect(answer.times).toHaveLength(answer.ids.length);
      const stopped = ends.includes(answer.ids.at(-1) ?? -1);
      expect(answer.finished?.finish).toBe(stopped ? "stop" : "length");
    }
  });

  it("a pinned output goes on past an end of sequence, with the tokens that it has without one", async () => {
    const { answers } = await runGroups(session, [GROUP]);
    expect(answers.map(({ ids }) => ids)).toEqual(pinned.map(({ ids }) => ids));
    expect(answers.map(({ finished }) => finished?.finish)).toEqual(["length", "length", "length"]);
  });

  it("ends each request at a stop string, whose tokens count", async () => {
    // The model's tokenizer works on bytes: ids 1 to 256 are the bytes 0 to 255.
    const outputs = pinned.map(({ ids }) => ids);
    const at = outputs[0]?.findIndex((id, place) => place > 2 && id > 33 && id < 128) ?? -1;
    const stop = String.fromCharCode((outputs[0]?.[at] ?? 0) - 1);
    const alone = await stoppedAlone(stop);
    expect(alone[0]).toBeLessThanOrEqual(at + 1);
    const { answers } = await runGroups(session, [GROUP], { pinned: false });
    expect(counts(answers)).toEqual(alone);
    expect(answers.map(({ ids }) => ids)).toEqual(outputs.map((ids, place) => ids.slice(0, alone[place])));
    expect(answers[0]?.finished?.finish).toBe("stop");
  });

  /** Loads with a stop string, and runs the requests one by one, where the engine itself ends the run. */
  async function stoppedAlone(stop: string): Promise<readonly (number | undefined)[]> {
    await session.request("unload", {});
    await session.request("load", loadBody(model, { generation: { stop_strings: [stop] } }));
    const groups = GROUP.map((request) => [request]);
    return counts((await runGroups(session, groups, { pinned: false })).answers);
  }

  it("beam search is counted as exactly, and has no times", async () => {
    const [first] = pinned;
    const end = first?.ids[10] ?? 0;
    await session.request("unload", {});
    await session.request("load", loadBody(model, { generation: { num_beams: 2, eos_token_id: end } }));
    const { answers, reply } = await runGroups(session, [GROUP], { pinned: false });
    expect(reply.batch_occupancy).toBeNull();
    for (const { ids, finished } of answers) {
      expect(finished).toMatchObject({ timing: "none", output_tokens: ids.length });
      expect(ids.indexOf(end)).toBe(finished?.finish === "stop" ? ids.length - 1 : -1);
    }
    expect(counts((await runGroups(session, [GROUP])).answers)).toEqual([OUTPUT, OUTPUT, OUTPUT]);
  });
});
