import type { ResolvedExperiment } from "@lem/config";
import { unavailable, type Phase } from "@lem/domain";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { measure } from "../src/measure.ts";
import type { Measurement } from "../src/measurement.ts";
import { PhaseClock } from "../src/phase-clock.ts";
import { experimentOf, tinyModel } from "./support/experiment.ts";
import { FakeEngines, isAlive, type FakeBehaviour } from "./support/fake-engine.ts";
import { noMemory } from "./support/memory.ts";
import { OneEngine } from "./support/one-engine.ts";

const engines = new FakeEngines();
afterAll(() => engines.clear());

let exchange: OneEngine;
beforeEach(() => {
  exchange = new OneEngine();
});
afterEach(async () => {
  await exchange.held?.session.kill();
  noWorkerLeft();
});

const noWorkerLeft = (): void => expect(engines.pids.filter(isAlive)).toEqual([]);

const CONFIGURES: FakeBehaviour = { configures: ["sampling"] };

const sampledAt = (topK: number, workload: Parameters<typeof experimentOf>[0] = {}): ResolvedExperiment => ({
  ...experimentOf(workload),
  sections: { model: { gpuLayers: 0 }, sampling: { topK } },
});

const run = (experiment: ResolvedExperiment, behaviour = CONFIGURES): Promise<Measurement> =>
  measure({
    experiment,
    model: tinyModel,
    openSession: (signal) => engines.open(behaviour, signal),
    engines: exchange,
    openMemorySampler: noMemory,
    sampler: { status: "unavailable", reading: unavailable("switched-off", "off") },
    phases: new PhaseClock(() => undefined),
    emit: () => undefined,
    signal: new AbortController().signal,
  });

const phasesOf = ({ phases }: Measurement): readonly Phase[] => phases.map(({ phase }) => phase);

describe("an engine that is kept", () => {
  it("serves a run of other requests without a load, and says what it holds then", async () => {
    const first = await run(sampledAt(1));
    expect(phasesOf(first)).toEqual(["prepare", "start", "load", "tokenize", "warmup", "measure"]);
    const pid = exchange.held?.session.pid;
    exchange.keeps = false;
    const second = await run(sampledAt(2));
    expect(phasesOf(second)).toEqual(["prepare", "configure", "tokenize", "warmup", "measure", "teardown"]);
    expect([first.hello.pid, second.hello.pid]).toEqual([pid, pid]);
    expect([first.load.effective, second.load.effective]).toEqual([
      { model: { gpuLayers: 0 }, sampling: { topK: 1 } },
      { sampling: { topK: 2 } },
    ]);
    expect(second.windows.map(({ record }) => record.output_tokens)).toEqual([32, 32]);
    expect(exchange.held).toBeUndefined();
  });

  it.each([
    ["another amount of work", sampledAt(2, { output_tokens: 9 }), CONFIGURES, "load"],
    ["another seed", sampledAt(2, { seed: 9 }), CONFIGURES, "load"],
    ["another load", { ...sampledAt(2), sections: { model: { gpuLayers: 1 } } }, CONFIGURES, "load"],
    ["another amount of work that it was not made for", sampledAt(2, { n: 2 }), CONFIGURES, "configure"],
    ["work of any amount", sampledAt(2, { output_tokens: 9 }), { ...CONFIGURES, any_work: true }, "configure"],
  ] as const)("%s", async (_, experiment, behaviour, phase) => {
    await run(sampledAt(1), behaviour);
    exchange.keeps = false;
    expect(phasesOf(await run(experiment, behaviour))).toContain(phase);
  });

  it("is none of a worker that cannot change what it has loaded", async () => {
    expect(phasesOf(await run(sampledAt(1), {}))).toContain("teardown");
    expect(exchange.held).toBeUndefined();
  });

  it("is ended by a run that fails", async () => {
    await run(sampledAt(1), { ...CONFIGURES, crash_in_run: 6 });
    const failed = await run(sampledAt(2));
    expect(failed.stopped).toMatchObject({ code: "worker.crashed" });
    expect(exchange.held).toBeUndefined();
  });

  it("is ended when it refuses its new keys", async () => {
    await run(sampledAt(1), { ...CONFIGURES, refuses: true });
    await expect(run(sampledAt(2))).rejects.toMatchObject({ code: "worker.failed" });
    expect(exchange.held).toBeUndefined();
  });
});
