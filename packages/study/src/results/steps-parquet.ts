import type { EngineSteps } from "@lem/harness";
import { replaceFileAtomic } from "@lem/engines/atomic-file";
import { parquetWriteFile } from "hyparquet-writer";
import { readRows } from "./read-rows.ts";

const COLUMNS = [
  "prompt_tokens",
  "output_tokens",
  "running",
  "waiting",
] as const satisfies readonly (keyof EngineSteps)[];

/** The steps of one window. */
export interface WindowSteps {
  readonly window: number;
  readonly steps: EngineSteps;
}

/**
 * Writes one row a step of the engine: window, when its results were there in nanoseconds since the window's origin, and
 * what it computed.
 * @throws LemError `io.disk-full`, `io.permission`
 */
export async function writeStepsParquet(path: string, windows: readonly WindowSteps[]): Promise<void> {
  const all = (of: (window: WindowSteps) => Iterable<number>): number[] => windows.flatMap((window) => [...of(window)]);
  const number = all(({ window, steps }) => new Int32Array(steps.t_ns.length).fill(window));
  const t_ns = all(({ steps }) => steps.t_ns).map((time) => BigInt(Math.round(time)));
  await replaceFileAtomic(path, (temporary) => {
    parquetWriteFile({
      filename: temporary,
      columnData: [
        { name: "window", data: number, type: "INT32", nullable: false },
        { name: "t_ns", data: t_ns, type: "INT64", nullable: false },
        ...COLUMNS.map((name) => ({
          name,
          data: all(({ steps }) => steps[name]),
          type: "INT32" as const,
          nullable: false,
        })),
      ],
      kvMetadata: [{ key: "lem_schema_version", value: "1" }],
    });
    return Promise.resolve();
  });
}

type Row = Readonly<Record<(typeof COLUMNS)[number] | "window", number>> & { readonly t_ns: bigint };

/** Reads the steps back, by number of the window; none without the file. */
export async function readStepsParquet(path: string): Promise<ReadonlyMap<number, EngineSteps>> {
  const rows = (await readRows<Row>(path)) ?? [];
  const windows = Map.groupBy(rows, ({ window }) => window);
  const column = (own: readonly Row[], name: (typeof COLUMNS)[number]): Int32Array =>
    Int32Array.from(own, (row) => row[name]);
  return new Map(
    [...windows].map(([window, own]): [number, EngineSteps] => [
      window,
      {
        t_ns: Float64Array.from(own, ({ t_ns }) => Number(t_ns)),
        prompt_tokens: column(own, "prompt_tokens"),
        output_tokens: column(own, "output_tokens"),
        running: column(own, "running"),
        waiting: column(own, "waiting"),
      },
    ]),
  );
}
