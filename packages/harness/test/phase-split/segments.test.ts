import { describe, expect, it } from "vitest";
import type { EngineSteps } from "../../src/engine-steps.ts";
import type { Segment } from "../../src/phase-split/segment.ts";
import { phaseSegments, type PhaseSegments } from "../../src/phase-split/segments.ts";
import { chainOf, requestOf } from "../support/load.ts";

/** Steps as rows: end in ms, prompt tokens, output tokens, running, waiting. */
const stepsOf = (...rows: readonly (readonly [number, number, number, number, number])[]): EngineSteps => ({
  t_ns: Float64Array.from(rows, ([ms]) => ms * 1e6),
  prompt_tokens: Int32Array.from(rows, (row) => row[1]),
  output_tokens: Int32Array.from(rows, (row) => row[2]),
  running: Int32Array.from(rows, (row) => row[3]),
  waiting: Int32Array.from(rows, (row) => row[4]),
});

/** `prefill 0-20 100/0`: kind, edges in ms, prompt and decoded tokens. */
const shown = ({ kind, from_ns, to_ns, prompt_tokens, decoded_tokens }: Segment): string =>
  `${kind} ${from_ns / 1e6}-${to_ns / 1e6} ${prompt_tokens}/${decoded_tokens}`;
const shownOf = (found: ReturnType<typeof phaseSegments>): readonly string[] =>
  (found as PhaseSegments).segments.map(shown);

describe("phases by the first tokens of requests", () => {
  it("are prefill to the first token and decoding to the last, one request after another", () => {
    expect(shownOf(phaseSegments(chainOf(2, 4), null))).toEqual([
      "prefill 0-20 100/0",
      "decode 20-50 0/3",
      "prefill 50-70 100/0",
      "decode 70-100 0/3",
    ]);
  });

  it("are those of a batch whose requests share their steps, and hold no time of rest", () => {
    const batch = [0, 1].map((request) => requestOf(request, { submitted_ms: 0, token_ms: [30, 40, 50] }));
    const later = [2, 3].map((request) => requestOf(request, { submitted_ms: 60, token_ms: [90] }));
    expect(shownOf(phaseSegments([...batch, ...later], null))).toEqual([
      "prefill 0-30 200/0",
      "decode 30-50 0/4",
      "prefill 60-90 200/0",
    ]);
  });

  it("are not told where requests overlap, or where times are missing", () => {
    const overlapping = [
      requestOf(0, { submitted_ms: 0, token_ms: [20, 30, 40, 50] }),
      requestOf(1, { submitted_ms: 20, token_ms: [40, 50, 60, 70] }),
    ];
    expect(phaseSegments(overlapping, null)).toMatchObject({ status: "unavailable", reason: "not-reported-by-engine" });
    for (const timing of ["chunk", "none"] as const)
      expect(phaseSegments([{ ...chainOf(1, 4)[0]!, timing }], null)).toMatchObject({ reason: "coalesced-stream" });
  });
});

describe("phases by the steps of the engine", () => {
  const two = [0, 1].map((request) => requestOf(request, { submitted_ms: 0, token_ms: [30, 40, 50] }));

  it("are told by what each step computed", () => {
    const steps = stepsOf([31, 200, 2, 2, 0], [41, 0, 2, 2, 0], [51, 0, 2, 0, 0]);
    const found = phaseSegments(two, steps);
    expect(found).toMatchObject({ source: "steps of the engine" });
    expect(shownOf(found)).toEqual(["prefill 0-31 200/0", "decode 31-51 0/4"]);
  });

  it("are mixed where a prompt joins those that give output", () => {
    const joins = requestOf(2, { submitted_ms: 35, token_ms: [50, 60] });
    const steps = stepsOf([31, 200, 2, 2, 0], [41, 0, 2, 3, 0], [51, 100, 3, 1, 0], [61, 0, 1, 0, 0]);
    expect(shownOf(phaseSegments([...two, joins], steps))).toEqual([
      "prefill 0-31 200/0",
      "decode 31-41 0/2",
      "mixed 41-51 100/2",
      "decode 51-61 0/1",
    ]);
  });

  it("hold a prompt that is computed in parts, silent or beside output, but not one that waits", () => {
    const long = requestOf(0, { submitted_ms: 0, token_ms: [100, 110] });
    const alone = stepsOf([40, 0, 0, 1, 0], [70, 0, 0, 1, 0], [101, 100, 1, 1, 0], [111, 0, 1, 0, 0]);
    expect(shownOf(phaseSegments([long], alone))).toEqual(["prefill 0-101 100/0", "decode 101-111 0/1"]);
    const first = requestOf(1, { submitted_ms: 0, token_ms: [10, 20, 30, 40, 50, 60, 70] });
    const beside = requestOf(2, { submitted_ms: 15, token_ms: [60, 70] });
    const rows = (waiting: number): EngineSteps =>
      stepsOf(
        [11, 100, 1, 1, 0],
        [21, 0, 1, 1, waiting],
        [31, 0, 1, 2, waiting],
        [41, 0, 1, 2, waiting],
        [51, 0, 1, 2, waiting],
        [61, 100, 2, 2, 0],
        [71, 0, 2, 0, 0],
      );
    expect(shownOf(phaseSegments([first, beside], rows(0)))).toEqual([
      "prefill 0-11 100/0",
      "decode 11-21 0/1",
      "mixed 21-61 100/4",
      "decode 61-71 0/2",
    ]);
    expect(shownOf(phaseSegments([first, beside], rows(1))).slice(1, 3)).toEqual([
      "decode 11-51 0/4",
      "mixed 51-61 100/1",
    ]);
  });

  it("are not told where steps are missing", () => {
    const torn = stepsOf([31, 200, 2, 2, 0], [41, 0, 2, 2, 0]);
    expect(phaseSegments(two, torn)).toMatchObject({
      reason: "not-reported-by-engine",
      detail: "the engine's steps tell of 4 output tokens, 6 arrived",
    });
  });

  it("begin with the first submission after a rest, and end with the work", () => {
    const chain = [...chainOf(1, 3), ...chainOf(1, 3, 100)];
    const steps = stepsOf(
      [21, 100, 1, 1, 0],
      [31, 0, 1, 1, 0],
      [41, 0, 1, 0, 0],
      [121, 100, 1, 1, 0],
      [131, 0, 1, 1, 0],
      [141, 0, 1, 0, 0],
      [150, 0, 0, 0, 0],
    );
    expect(shownOf(phaseSegments(chain, steps))).toEqual([
      "prefill 0-21 100/0",
      "decode 21-41 0/2",
      "prefill 100-121 100/0",
      "decode 121-141 0/2",
    ]);
  });
});
