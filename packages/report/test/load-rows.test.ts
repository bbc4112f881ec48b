import { expect, test } from "vitest";
import { loadRows } from "../src/load-rows.ts";
import { none, reading, resultOf } from "./result-of.ts";

const phases = {
  prefill_time: reading(1, "s"),
  decode_time: reading(8, "s"),
  mixed_time: reading(0, "s"),
  prefill_joules_per_input_token: reading(0.009, "J/token"),
  decode_joules_per_output_token: reading(2.47, "J/token"),
  phase_residual: reading(0.0003, "ratio"),
};

test("prefill and decoding stand side by side, each with its joules a token", () => {
  expect(loadRows(resultOf({ engine_phases: phases }))).toEqual([
    { label: "phases", text: "prefill 11 %, 0.00900 J/token of prompt · decode 89 %, 2.47 J/token" },
  ]);
});

test("mixed steps and the residual are told where they are worth a word", () => {
  const mixed = { ...phases, mixed_time: reading(1, "s"), phase_residual: reading(0.12, "ratio") };
  expect(loadRows(resultOf({ engine_phases: mixed }))[0]?.text).toMatch(
    /both at once 10 % · 12 % of the energy in neither$/,
  );
  const brief = { ...phases, prefill_time: reading(0.01, "s"), prefill_joules_per_input_token: none };
  expect(loadRows(resultOf({ engine_phases: brief }))[0]?.text).toBe("decode 100 %, 2.47 J/token");
});

test("the steady state is told with its length", () => {
  const steady = {
    steady_length: reading(8.1, "s"),
    steady_joules_per_output_token: reading(0.0662, "J/token"),
    steady_power: reading(622, "W"),
    steady_output_tokens_per_second: none,
  };
  expect(loadRows(resultOf({ steady }))).toEqual([
    { label: "steady state", text: "8.10 s of 9.00 s · 0.0662 J/token · 622 W" },
  ]);
});

test("nothing is said where nothing is known", () => {
  expect(loadRows(resultOf())).toEqual([]);
  expect(loadRows(resultOf({ steady: { steady_length: none }, engine_phases: { prefill_time: none } }))).toEqual([]);
  const idle = { prefill_time: reading(0, "s"), decode_time: reading(0, "s"), mixed_time: reading(0, "s") };
  expect(loadRows(resultOf({ engine_phases: idle }))).toEqual([]);
});
