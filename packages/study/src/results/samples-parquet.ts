import { readFile } from "node:fs/promises";
import { LemError } from "@lem/domain";
import type { PowerSample, RawEnergy, Recording } from "@lem/harness";
import { replaceFileAtomic } from "@lem/engines/atomic-file";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquetWriteFile } from "hyparquet-writer";

/** Rows of a `samples.parquet`: every recorded value of every sensor. */
interface SampleRows {
  readonly domain: string[];
  readonly quantity: string[];
  readonly t_ns: bigint[];
  readonly value: number[];
}

/** What is said beside the rows, as JSON: sensors with their losses and faults, idle stretches, the thermal gate. */
type RawHeader = Omit<RawEnergy, "recordings"> & {
  readonly sensors: readonly (Pick<Recording, "sensor" | "faults" | "lost"> &
    /** Absent in older files. */
    Partial<Pick<Recording, "sources" | "states">>)[];
};

function withoutStreams(recording: Recording): RawHeader["sensors"][number] {
  const { streams: _, ...sensor } = recording;
  return sensor;
}

const HEADER = "lem_raw_energy";
const SCHEMA_VERSION = "2";

/**
 * Writes one row a recorded value: domain, quantity, instant on CLOCK_MONOTONIC, value in the quantity's own unit
 * (`power` in watts is the mean since the sample before). The samples of a replay, which is no recording, are its power.
 * @throws LemError `io.disk-full`, `io.permission`
 */
export async function writeSamplesParquet(
  path: string,
  { raw, samples }: { readonly raw: RawEnergy; readonly samples: readonly PowerSample[] },
): Promise<void> {
  const rows = raw.recordings.length > 0 ? rowsOfRecordings(raw.recordings) : rowsOfSamples(samples);
  const { recordings, ...about } = raw;
  const header: RawHeader = {
    ...about,
    sensors: recordings.map(withoutStreams),
  };
  await replaceFileAtomic(path, (temporary) => {
    parquetWriteFile({
      filename: temporary,
      columnData: [
        { name: "domain", data: rows.domain, type: "STRING", nullable: false },
        { name: "quantity", data: rows.quantity, type: "STRING", nullable: false },
        { name: "t_ns", data: rows.t_ns, type: "INT64", nullable: false },
        { name: "value", data: rows.value, type: "DOUBLE", nullable: false },
      ],
      kvMetadata: [
        { key: "lem_schema_version", value: SCHEMA_VERSION },
        { key: HEADER, value: JSON.stringify(header) },
      ],
    });
    return Promise.resolve();
  });
}

function rowsOfRecordings(recordings: readonly Recording[]): SampleRows {
  const rows: SampleRows = { domain: [], quantity: [], t_ns: [], value: [] };
  for (const { sensor, streams } of recordings) {
    for (const [quantity, points] of streams) {
      points.t_ns.forEach((t_ns, index) => {
        rows.domain.push(sensor.domain);
        rows.quantity.push(quantity);
        rows.t_ns.push(BigInt(Math.round(t_ns)));
        rows.value.push(points.value[index] ?? Number.NaN);
      });
    }
  }
  return rows;
}

const rowsOfSamples = (samples: readonly PowerSample[]): SampleRows => ({
  domain: samples.map((sample) => sample.domain),
  quantity: samples.map(() => "power"),
  t_ns: samples.map((sample) => BigInt(Math.round(sample.t_ns))),
  value: samples.map((sample) => sample.power_w),
});

/**
 * Reads the raw streams back.
 * @throws LemError `results.not-found` without the file, `results.invalid` when it holds no recording
 */
export async function readRawEnergy(path: string): Promise<RawEnergy> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new LemError("results.not-found", `there are no raw samples at ${path}`, { cause: error });
  });
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const header = headerOf(file, path);
  const rows = (await parquetReadObjects({ file })) as unknown as readonly Row[];
  const streams = new Map<string, Map<string, { t_ns: number[]; value: number[] }>>();
  for (const { domain, quantity, t_ns, value } of rows) {
    const own = getOr(streams, domain, () => new Map<string, { t_ns: number[]; value: number[] }>());
    const points = getOr(own, quantity, () => ({ t_ns: [], value: [] }));
    points.t_ns.push(Number(t_ns));
    points.value.push(value);
  }
  const recordings = header.sensors.map((each): Recording => {
    const own = [...(streams.get(each.sensor.domain) ?? [])].map(
      ([quantity, { t_ns, value }]) =>
        [quantity, { t_ns: Float64Array.from(t_ns), value: Float64Array.from(value) }] as const,
    );
    return { sources: [], states: [], ...each, streams: new Map(own) as Recording["streams"] };
  });
  const { sensors: _, ...about } = header;
  return { ...about, recordings };
}

interface Row {
  readonly domain: string;
  readonly quantity: string;
  readonly t_ns: bigint;
  readonly value: number;
}

function headerOf(file: ArrayBuffer, path: string): RawHeader {
  const said = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === HEADER)?.value;
  const header = said === undefined ? undefined : (JSON.parse(said) as RawHeader);
  if (header !== undefined && header.sensors.length > 0) return header;
  throw new LemError("results.invalid", `${path} holds no recording of this machine's sensors`, {
    hint: "a replayed or older result cannot be computed again",
    place: { file: path },
  });
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
