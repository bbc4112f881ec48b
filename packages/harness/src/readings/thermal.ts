import { isAvailable, mean, measured, unavailable, type Reading, type Unit } from "@lem/domain";
import type { Quantity } from "@lem/engines/host";
import { pointsBetween, pointsOf, type Recording } from "../energy/recording.ts";
import type { MeasuredWindow, Measurement } from "../measurement.ts";

/** Bits of NVML's clock event reasons that make a GPU slower than its work could be. */
const THROTTLE_REASONS = {
  power_cap: 0x04,
  hardware_slowdown: 0x08,
  /** The driver's and the board's own. */
  thermal_slowdown: 0x60,
  power_brake: 0x80,
} as const;
/** One reason of {@link THROTTLE_REASONS}. */
type ThrottleReason = keyof typeof THROTTLE_REASONS;

const NOT_SAMPLED = unavailable("no-sensor", "no GPU was sampled");

/** What temperatures and clocks are read from. */
export interface ThermalEvidence extends Pick<Measurement, "recordings" | "settling"> {
  readonly windows: readonly Pick<MeasuredWindow, "record" | "end_ns">[];
}

type Span = readonly [from: number, to: number];
type Readings = Readonly<Record<string, Reading>>;

const spansOf = ({ windows }: Pick<ThermalEvidence, "windows">): readonly Span[] =>
  windows.map(({ record, end_ns }) => [record.origin_ns, end_ns]);

/** Every value of a quantity inside the windows. */
const valuesIn = (recording: Recording, quantity: Quantity, spans: readonly Span[]): number[] =>
  spans.flatMap(([from, to]) => [...pointsBetween(pointsOf(recording, quantity), from, to).value]);

interface Figure {
  readonly name: string;
  readonly quantity: Quantity;
  readonly unit: Unit;
  readonly of: (values: readonly number[]) => number;
  readonly what: string;
}

const bits =
  (mask: number) =>
  (values: readonly number[]): number =>
    mean(values.map((value) => ((value & mask) === 0 ? 0 : 1)));
const throttleShare = (reason: ThrottleReason): Figure => ({
  name: `${reason}_share`,
  quantity: "throttle_reasons",
  unit: "ratio",
  of: bits(THROTTLE_REASONS[reason]),
  what: "share of the windows' readings of NVML clock event reasons",
});

const FIGURES: readonly Figure[] = [
  { name: "temperature", quantity: "temperature", unit: "°C", of: mean, what: "NVML, mean over the windows" },
  {
    name: "temperature_start",
    quantity: "temperature",
    unit: "°C",
    of: (values) => values[0] ?? Number.NaN,
    what: "NVML, first reading in the windows",
  },
  {
    name: "temperature_end",
    quantity: "temperature",
    unit: "°C",
    of: (values) => values.at(-1) ?? Number.NaN,
    what: "NVML, last reading in the windows",
  },
  {
    name: "memory_temperature",
    quantity: "memory_temperature",
    unit: "°C",
    of: mean,
    what: "NVML, mean over the windows",
  },
  {
    name: "sm_clock",
    quantity: "sm_clock",
    unit: "MHz",
    of: (values) => mean(values) / 1e6,
    what: "NVML, mean over the windows",
  },
  throttleShare("power_cap"),
  throttleShare("hardware_slowdown"),
  throttleShare("thermal_slowdown"),
  throttleShare("power_brake"),
];

/** Temperatures, clocks and throttle reasons of every sampled GPU; a single GPU's have no name behind them. */
export function thermalReadings(measurement: ThermalEvidence): Readings {
  const gpus = measurement.recordings.filter(({ streams }) => streams.has("temperature"));
  const spans = spansOf(measurement);
  const entries = gpus.flatMap((gpu) =>
    FIGURES.flatMap(({ name, quantity, unit, of, what }): (readonly [string, Reading])[] => {
      const values = valuesIn(gpu, quantity, spans);
      if (values.length === 0) return [];
      const reading = measured({ value: of(values), unit, source: what, n: values.length });
      return [[gpus.length === 1 ? name : `${name}.${gpu.sensor.domain}`, reading]];
    }),
  );
  const { settling } = measurement;
  const gate: Readings =
    settling === null || settling.status === "skipped"
      ? {}
      : { gate_time: measured({ value: settling.seconds, unit: "s", source: `thermal gate, ${settling.status}` }) };
  const found = Object.fromEntries(entries);
  return { temperature: found["temperature"] ?? hottest(found) ?? NOT_SAMPLED, ...found, ...gate };
}

function hottest(found: Readings): Reading | undefined {
  const own = Object.entries(found).flatMap(([name, reading]) =>
    name.startsWith("temperature.") && isAvailable(reading) ? [reading] : [],
  );
  return own.toSorted((a, b) => b.value - a.value)[0];
}

/** The share of the windows in which kernels ran, over all sampled GPUs; undefined when none was sampled. */
export function gpuActivity(measurement: Measurement, quantity: "gpu_busy" | "tensor_active"): Reading | undefined {
  const spans = spansOf(measurement);
  const values = measurement.recordings.flatMap((recording) => valuesIn(recording, quantity, spans));
  if (values.length === 0) return undefined;
  const source = quantity === "gpu_busy" ? "NVML utilisation samples" : "NVML GPM, pipe active";
  return measured({ value: mean(values), unit: "ratio", source, n: values.length });
}
