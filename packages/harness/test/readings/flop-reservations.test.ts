import { expect, test } from "vitest";
import { estimateFlops } from "../../src/flops/flops.ts";
import { withReservations, type FlopSubject } from "../../src/readings/flop-reservations.ts";
import { tinyModel } from "../support/experiment.ts";

const exact = estimateFlops(tinyModel.config, { input: 8, output: 4 });

interface Ran {
  readonly engine?: string;
  readonly parameters?: number | null;
  readonly effective?: FlopSubject["load"]["effective"];
}

function ran({ engine = "transformers", parameters = exact.parameters, effective = {} }: Ran): FlopSubject {
  const model = { architecture: null, parameters, dtype: null, context_length: null, vocabulary: null };
  return { engine, load: { effective, model } };
}

test("plain generation with transformers is as exact as the formulas", () => {
  const generation = { num_beams: 1, prompt_lookup_num_tokens: null };
  for (const subject of [ran({ effective: { generation } }), ran({ parameters: null })])
    expect(withReservations(exact, subject)).toEqual(exact);
});

test.each<[string, Ran]>([
  ["another engine's kernels", { engine: "llama-cpp" }],
  ["several beams", { effective: { generation: { num_beams: 3 } } }],
  ["speculated tokens", { effective: { generation: { prompt_lookup_num_tokens: 4 } } }],
  ["an adapter beside the model", { effective: { adapter: { merge: false } }, parameters: exact.parameters * 2 }],
])("%s: the formulas hold with a reservation, which is named", (_, how) => {
  const { confidence, notes, executed } = withReservations(exact, ran(how));
  expect([confidence, notes.length, executed]).toEqual(["high", 1, exact.executed]);
});

test("a model of other size than the shape that is counted makes the estimate doubtful", () => {
  const other = withReservations(exact, ran({ parameters: Math.round(exact.parameters * 1.01) }));
  expect([other.confidence, other.notes.length]).toEqual(["low", 1]);
  const packed = ran({ parameters: exact.parameters / 4, effective: { quantization: { bits: 4 } } });
  expect(withReservations(exact, packed)).toEqual(exact);
});

test("an estimate by parameter count is doubtful already", () => {
  const rough = estimateFlops({ model_type: "mystery" }, { input: 8, output: 4 }, { parameters: 1000 });
  expect(withReservations(rough, ran({ engine: "llama-cpp" }))).toBe(rough);
});
