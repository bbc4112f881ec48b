import { readFile } from "node:fs/promises";
import { LemError } from "@lem/domain";

/** What a recorded power trace says about itself. */
export interface TraceHeader {
  /** The machine or board that was sampled. */
  readonly device: string;
  readonly driver: string;
  /** The instrument: `NVML power samples`, `RAPL`, ... */
  readonly source: string;
  /** Half-width of the sensor's gain error relative to the value: 0.05 is ± 5 %. */
  readonly relative_gain_error: number;
}

/** A recorded power trace. */
export interface PowerTrace {
  readonly header: TraceHeader;
  readonly samples: readonly TraceSample[];
}

/** One sample as recorded: mean power since the previous one of its domain, on the recording machine's clock. */
export interface TraceSample {
  readonly domain: string;
  readonly t_ns: number;
  readonly power_w: number;
}

/**
 * Reads a trace: `.jsonl` has the header on its first line and a sample on each further one, `.json` is one object
 * `{header, samples}`.
 * @throws LemError `energy.trace` with file and line
 */
export async function readPowerTrace(path: string): Promise<PowerTrace> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const errno = (error as NodeJS.ErrnoException | null)?.code ?? "";
    throw refused(
      { file: path },
      errno === "ENOENT" ? "the file does not exist" : `it cannot be read (${errno})`,
      error,
    );
  });
  return path.toLowerCase().endsWith(".jsonl") ? parseLines(text, path) : parseWhole(text, path);
}

function parseWhole(text: string, file: string): PowerTrace {
  const { header, samples } = parseObject(text, { file });
  if (!Array.isArray(samples)) throw refused({ file }, "it has no list of samples");
  return {
    header: asHeader(header, { file }),
    samples: samples.map((sample, index) => asSample(sample, { file, path: `samples[${index}]` })),
  };
}

function parseLines(text: string, file: string): PowerTrace {
  const lines = text.split("\n");
  const samples: TraceSample[] = [];
  lines.forEach((line, index) => {
    const place = { file, line: index + 1 };
    if (index > 0 && line.trim() !== "") samples.push(asSample(parseObject(line, place), place));
  });
  return { header: asHeader(parseObject(lines[0] ?? "", { file, line: 1 }), { file, line: 1 }), samples };
}

type TracePlace = { readonly file: string; readonly line?: number; readonly path?: string };

function parseObject(text: string, place: TracePlace): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(place, "this is not JSON", error);
  }
  if (isObject(value)) return value;
  throw refused(place, "this is no JSON object");
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

function asHeader(value: unknown, place: TracePlace): TraceHeader {
  if (!isObject(value)) throw refused(place, "it has no header");
  const { device, driver, source, relative_gain_error } = value;
  const texts = [device, driver, source].every((text) => typeof text === "string");
  if (texts && isFrom0(relative_gain_error)) {
    return { device: String(device), driver: String(driver), source: String(source), relative_gain_error };
  }
  throw refused(place, "its header needs the texts device, driver and source and the number relative_gain_error");
}

function asSample(value: unknown, place: TracePlace): TraceSample {
  if (isObject(value)) {
    const { domain, t_ns, power_w } = value;
    if (typeof domain === "string" && isFrom0(t_ns) && isFrom0(power_w)) return { domain, t_ns, power_w };
  }
  throw refused(place, "a sample needs the text domain and the numbers t_ns and power_w, none below zero");
}

const isFrom0 = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

const refused = (place: TracePlace, what: string, cause?: unknown): LemError =>
  new LemError("energy.trace", `the power trace cannot be read: ${what}`, {
    hint: "check measurement.energy.trace; docs/methodology.md says how a trace is written",
    place,
    ...(cause === undefined ? {} : { cause }),
  });
