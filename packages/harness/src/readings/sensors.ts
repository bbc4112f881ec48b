import { isAvailable, unavailable, type Reading } from "@lem/domain";
import type { SourceTiming } from "@lem/engines/host";
import { pointsOf, type Recording } from "../energy/recording.ts";
import { sourceDelay } from "../energy/source-delay.ts";
import { seriesOf } from "../energy/window-energy.ts";

type Readings = Readonly<Record<string, Reading>>;

const NOT_WATCHED = unavailable("no-sensor", "no sensor with several sources was sampled");

/** What the run's own changes of load tell, where watching could not. */
function delayOf(recording: Recording, { source, delay, period }: SourceTiming): Reading {
  if (isAvailable(delay) || !isAvailable(period) || pointsOf(recording, "power").t_ns.length < 2) return delay;
  return sourceDelay(recording, seriesOf(recording), source) ?? delay;
}

/**
 * How each source of power behaved on this machine, as it was watched before the run: `ring_period`, `counter_call_cost`, ...;
 * with the domain behind it where there are several.
 */
export function sensorReadings(recordings: readonly Recording[]): Readings {
  const watched = recordings.filter(({ sources }) => sources.length > 0);
  const entries = watched.flatMap((recording) =>
    recording.sources.flatMap((timing) => {
      const { source, period, call_cost } = timing;
      const delay = delayOf(recording, timing);
      return Object.entries({ period, delay, call_cost }).map(([what, reading]): readonly [string, Reading] => {
        const name = `${source}_${what}`;
        return [watched.length === 1 ? name : `${name}.${recording.sensor.domain}`, reading];
      });
    }),
  );
  return entries.length === 0 ? { ring_period: NOT_WATCHED } : Object.fromEntries(entries);
}
