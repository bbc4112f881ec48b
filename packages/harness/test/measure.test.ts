import { afterAll, describe, expect, it } from "vitest";
import type { ResolvedMeasurement, ResolvedWorkload } from "@lem/config";
import { nanoseconds, unavailable, type LemEvent } from "@lem/domain";
import { ReplaySampler } from "../src/energy/replay.ts";
import type { SamplerChoice } from "../src/energy/sampler.ts";
import { measure } from "../src/measure.ts";
import type { MeasureOptions } from "../src/measure-options.ts";
import type { Measurement } from "../src/measurement.ts";
import { PhaseClock } from "../src/phase-clock.ts";
import { readingsOf } from "../src/readings.ts";
import { experimentOf, tinyModel } from "./support/experiment.ts";
import { FakeEngines, isAlive, type FakeBehaviour } from "./support/fake-engine.ts";
import { noMemory } from "./support/memory.ts";

const engines = new FakeEngines();
afterAll(() => engines.clear());

interface Setup {
  readonly behaviour?: FakeBehaviour;
  readonly workload?: Partial<ResolvedWorkload>;
  readonly measurement?: Partial<ResolvedMeasurement>;
  readonly sampler?: SamplerChoice;
  readonly onEvent?: (event: LemEvent, controller: AbortController) => void;
}

interface Run {
  readonly events: readonly LemEvent[];
  readonly phases: PhaseClock;
  readonly measurement: Promise<Measurement>;
}

function start(setup: Setup = {}): Run {
  const events: LemEvent[] = [];
  const controller = new AbortController();
  const emit = (event: LemEvent): void => {
    events.push(event);
    setup.onEvent?.(event, controller);
  };
  const phases = new PhaseClock(emit);
  const options: MeasureOptions = {
    experiment: experimentOf(setup.workload, setup.measurement),
    model: tinyModel,
    openSession: (signal) => engines.open(setup.behaviour ?? {}, signal),
    openMemorySampler: noMemory,
    sampler: setup.sampler ?? { status: "unavailable", reading: unavailable("switched-off", "off") },
    phases,
    emit,
    signal: controller.signal,
  };
  return { events, phases, measurement: measure(options) };
}

const noWorkerLeft = (): void => expect(engines.pids.filter(isAlive)).toEqual([]);

describe("measure", () => {
  it("goes through all phases and counts exactly the planned work in every window", async () => {
    const { events, measurement } = start();
    const { windows, warmup, work, phases, stopped, hello, load } = await measurement;
    expect(phases.map(({ phase }) => phase)).toEqual([
      "prepare",
      "start",
      "load",
      "tokenize",
      "warmup",
      "measure",
      "teardown",
    ]);
    expect(stopped).toBeNull();
    expect([hello.engine, load.effective]).toEqual(["fake", { model: { gpuLayers: 0 } }]);
    expect(warmup).toMatchObject({ status: "converged", runs: 2 });
    expect(windows.map(({ record }) => record)).toMatchObject([
      { window: 1, input_tokens: 64, output_tokens: 32, completed: 4 },
      { window: 2, input_tokens: 64, output_tokens: 32, completed: 4 },
    ]);
    for (const { timelines, record } of windows) {
      expect(timelines.map(({ request }) => request).toSorted((a, b) => a - b)).toEqual(
        work.requests.map(({ r }) => r),
      );
      expect(timelines.every(({ window, token_ns }) => window === record.window && token_ns.length === 8)).toBe(true);
    }
    expect(events.filter(({ type }) => type === "window-finished")).toHaveLength(2);
    expect(events).toContainEqual({ type: "engine-warning", message: "loading for 2 x 24" });
    noWorkerLeft();
  });

  it("measures energy of each window between the engine's own edges", async () => {
    const trace = {
      header: { device: "board", driver: "1", source: "ring", relative_gain_error: 0.05 },
      samples: Array.from({ length: 101 }, (_, i) => ({ domain: "gpu0", t_ns: i * 1e7, power_w: 200 })),
    };
    const sampler = new ReplaySampler(trace, () => nanoseconds(Number(process.hrtime.bigint())));
    const { windows, sampler: name, samples } = await start({ sampler: { status: "available", sampler } }).measurement;
    expect(name).toBe("replay");
    expect(samples.length).toBeGreaterThan(0);
    for (const { energy, record } of windows) {
      const [part] = "status" in energy ? [] : energy;
      expect(part?.status === "measured" && part.energy_j / record.length_s).toBeCloseTo(200, 6);
    }
  });

  it("refuses work beyond the context before it starts an engine", async () => {
    const before = engines.pids.length;
    const { measurement, phases } = start({ workload: { input_tokens: 300 } });
    await expect(measurement).rejects.toMatchObject({ code: "workload.beyond-context" });
    expect(phases.failedIn).toBe("prepare");
    expect(engines.pids).toHaveLength(before);
  });

  it("refuses work beyond the context that the engine reports", async () => {
    const { measurement, phases } = start({ behaviour: { context: 20 } });
    await expect(measurement).rejects.toMatchObject({ code: "workload.beyond-context" });
    expect(phases.failedIn).toBe("load");
    noWorkerLeft();
  });

  it("passes on what the engine raised while loading", async () => {
    const { measurement, phases } = start({ behaviour: { load_fails: true } });
    await expect(measurement).rejects.toMatchObject({ code: "worker.failed" });
    expect(phases.failedIn).toBe("load");
    noWorkerLeft();
  });

  it("keeps what is known of engine and work when the worker dies in the warm-up", async () => {
    const { measurement, phases } = start({ behaviour: { crash_in_run: 1 } });
    expect(await measurement).toMatchObject({
      stopped: { code: "worker.crashed" },
      warmup: null,
      windows: [],
      load: { effective: { model: { gpuLayers: 0 } } },
      work: { source: "builtin:classics" },
    });
    expect(phases.failedIn).toBe("warmup");
    noWorkerLeft();
  });

  it("keeps the whole windows when the worker dies in a later one", async () => {
    const { windows, stopped } = await start({ behaviour: { crash_in_run: 4 } }).measurement;
    expect(windows).toHaveLength(1);
    expect(stopped).toMatchObject({ code: "worker.crashed" });
    noWorkerLeft();
  });

  it("counts nothing of a window whose counts disagree", async () => {
    const { windows, stopped } = await start({ behaviour: { miscounts_run: 3 } }).measurement;
    expect(windows).toHaveLength(0);
    expect(stopped).toMatchObject({ code: "measure.token-mismatch" });
    noWorkerLeft();
  });

  it.runIf(process.platform === "linux").each([60e9, -60e9])(
    "refuses an engine whose clock is %d ns off",
    async (clock_ahead_ns) => {
      const { measurement, phases } = start({ behaviour: { clock_ahead_ns } });
      expect((await measurement).stopped).toMatchObject({ code: "worker.protocol" });
      expect(phases.failedIn).toBe("warmup");
      noWorkerLeft();
    },
  );

  it("keeps the steps of an engine that tells them, and judges whether each window was steady", async () => {
    const told = await start({ behaviour: { tells_steps: true } }).measurement;
    for (const { steps, record, reply } of told.windows) {
      expect(steps?.prompt_tokens.reduce((sum, tokens) => sum + tokens, 0)).toBe(record.input_tokens);
      expect(steps?.t_ns.at(-1)).toBeLessThanOrEqual(reply.end_ns - reply.origin_ns);
      expect(record.steady).toMatchObject({ status: "not-reached", reason: "too-short" });
    }
    const { engine_phases } = readingsOf(told, tinyModel.config);
    expect(engine_phases["mixed_time"]).toMatchObject({ source: "steps of the engine, CLOCK_MONOTONIC" });
    const silent = await start().measurement;
    expect(silent.windows.map(({ steps }) => steps)).toEqual(silent.windows.map(() => null));
  });

  it("never counts cancelled requests", async () => {
    const { windows } = await start({ behaviour: { cancels: 2 } }).measurement;
    expect(windows[0]?.record).toMatchObject({ completed: 3, input_tokens: 48, output_tokens: 24 });
  });

  it("ends on an interruption, with the windows that are whole", async () => {
    const { measurement } = start({
      behaviour: { hang_in_run: 4 },
      onEvent: (event, controller) => {
        if (event.type === "window-finished") setTimeout(() => controller.abort(), 50);
      },
    });
    const { windows, stopped } = await measurement;
    expect(windows).toHaveLength(1);
    expect(stopped).toMatchObject({ code: "run.interrupted" });
    noWorkerLeft();
  });

  it("ends on an interruption of the warm-up, without windows", async () => {
    const { measurement } = start({
      onEvent: (event, controller) => {
        if (event.type === "warmup-run") controller.abort();
      },
    });
    expect(await measurement).toMatchObject({ stopped: { code: "run.interrupted" }, windows: [] });
    noWorkerLeft();
  });
});
