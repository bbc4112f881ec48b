import type { PowerSample } from "@lem/harness";
import { replaceFileAtomic } from "@lem/engines/atomic-file";
import { parquetWriteFile } from "hyparquet-writer";

/**
 * Writes one row a power sample: domain, instant on CLOCK_MONOTONIC, mean watts since the sample before.
 * @throws LemError `io.disk-full`, `io.permission`
 */
export async function writeSamplesParquet(path: string, samples: readonly PowerSample[]): Promise<void> {
  await replaceFileAtomic(path, (temporary) => {
    parquetWriteFile({
      filename: temporary,
      columnData: [
        { name: "domain", data: samples.map((sample) => sample.domain), type: "STRING", nullable: false },
        {
          name: "t_ns",
          data: samples.map((sample) => BigInt(Math.round(sample.t_ns))),
          type: "INT64",
          nullable: false,
        },
        { name: "power_w", data: samples.map((sample) => sample.power_w), type: "DOUBLE", nullable: false },
      ],
      kvMetadata: [{ key: "lem_schema_version", value: "1" }],
    });
    return Promise.resolve();
  });
}
