import type { Points } from "@lem/engines/host";
import { pointsBetween, pointsOf, type Recording } from "../energy/recording.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Stretch } from "./load-series.ts";

/** Figures of the pieces between neighbouring ticks of one energy counter, in order of time. */
export interface TickPieces {
  readonly power_w: readonly number[];
  readonly joules_per_token: readonly number[];
  readonly tokens_per_second: readonly number[];
}

/** Shorter pieces say nothing of longer ones: at its power limit a GPU swings with a period of a second. */
const SHORTEST_PIECE_NS = 1.5e9;

/** Cuts a stretch at its ticks; undefined where not exactly one domain was measured, or it has no counter. */
export function tickPieces(
  recordings: readonly Recording[],
  { from_ns, to_ns }: Stretch,
  arrivals: Arrivals,
): TickPieces | undefined {
  const [recording, ...others] = recordings;
  if (recording === undefined || others.length > 0) return undefined;
  const ticks = spaced(pointsBetween(pointsOf(recording, "energy_counter"), from_ns, to_ns));
  const pieces = Array.from(ticks.t_ns.subarray(1), (end_ns, index) => {
    const begin_ns = ticks.t_ns[index] ?? 0;
    const energy_j = (ticks.value[index + 1] ?? 0) - (ticks.value[index] ?? 0);
    return { energy_j, seconds: (end_ns - begin_ns) / 1e9, tokens: arrivals.tokensBetween(begin_ns, end_ns) };
  }).filter(({ tokens }) => tokens > 0);
  return {
    power_w: pieces.map(({ energy_j, seconds }) => energy_j / seconds),
    joules_per_token: pieces.map(({ energy_j, tokens }) => energy_j / tokens),
    tokens_per_second: pieces.map(({ tokens, seconds }) => tokens / seconds),
  };
}

/** The first tick, and each that is far enough behind the one before it. */
function spaced({ t_ns, value }: Points): Points {
  let last = -Infinity;
  const kept = Array.from(t_ns.keys()).filter((index) => {
    const far = (t_ns[index] ?? 0) - last >= SHORTEST_PIECE_NS;
    if (far) last = t_ns[index] ?? 0;
    return far;
  });
  return {
    t_ns: Float64Array.from(kept, (index) => t_ns[index] ?? 0),
    value: Float64Array.from(kept, (index) => value[index] ?? 0),
  };
}
