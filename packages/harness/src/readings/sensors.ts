import { unavailable, type Reading } from "@lem/domain";
import type { Recording } from "../energy/recording.ts";

type Readings = Readonly<Record<string, Reading>>;

const NOT_WATCHED = unavailable("no-sensor", "no sensor with several sources was sampled");

/**
 * How each source of power behaved on this machine, as it was watched before the run: `ring_period`, `counter_call_cost`, ...;
 * with the domain behind it where there are several.
 */
export function sensorReadings(recordings: readonly Recording[]): Readings {
  const watched = recordings.filter(({ sources }) => sources.length > 0);
  const entries = watched.flatMap(({ sensor, sources }) =>
    sources.flatMap(({ source, period, delay, call_cost }) =>
      Object.entries({ period, delay, call_cost }).map(([what, reading]): readonly [string, Reading] => {
        const name = `${source}_${what}`;
        return [watched.length === 1 ? name : `${name}.${sensor.domain}`, reading];
      }),
    ),
  );
  return entries.length === 0 ? { ring_period: NOT_WATCHED } : Object.fromEntries(entries);
}
