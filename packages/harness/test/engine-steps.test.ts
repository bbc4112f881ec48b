import { expect, it } from "vitest";
import { StepCollector } from "../src/engine-steps.ts";

const columns = (t_ns: readonly number[]): Parameters<StepCollector["accept"]>[0] => ({
  event: "steps",
  t_ns,
  prompt_tokens: t_ns.map(() => 1),
  output_tokens: t_ns.map(() => 2),
  running: t_ns.map(() => 3),
  waiting: t_ns.map(() => 4),
});

it("joins the steps of several lines and passes other events over", () => {
  const collector = new StepCollector();
  expect(collector.take()).toBeNull();
  for (const event of [columns([5, 6]), { event: "warning", message: "" } as const, columns([9])])
    collector.accept(event);
  expect(collector.take()).toEqual({
    t_ns: Float64Array.of(5, 6, 9),
    prompt_tokens: Int32Array.of(1, 1, 1),
    output_tokens: Int32Array.of(2, 2, 2),
    running: Int32Array.of(3, 3, 3),
    waiting: Int32Array.of(4, 4, 4),
  });
});

it("refuses columns of different lengths, and steps that run backwards", () => {
  const collector = new StepCollector();
  collector.accept(columns([5, 6]));
  const torn = { ...columns([7, 8]), running: [1] } as ReturnType<typeof columns>;
  for (const event of [torn, columns([4]), columns([9, 8])])
    expect(() => collector.accept(event)).toThrow(expect.objectContaining({ code: "worker.protocol" }));
});
