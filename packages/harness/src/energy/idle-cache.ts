import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { SensorState } from "@lem/engines/host";

/** The power of one sensor's device at rest, with the state in which it was measured. */
export interface CachedIdle {
  readonly state: Pick<SensorState, "settings" | "temperature_c" | "clock_mhz">;
  readonly power_w: number;
  /** How long it was measured. */
  readonly seconds: number;
  readonly source: string;
  readonly relative_gain_error: number;
  readonly measured_at: string;
}

/** How far temperature and clock may be from those of a kept figure: idle power moves by about 0.5 W a degree. */
const SAME = { temperature_c: 3, clock_share: 0.05 } as const;

/** What a kept figure belongs to: a GPU by its UUID, a processor's counter by the boot and its own name. */
export const deviceKey = (domain: string, { device_id }: SensorState): string =>
  domain.startsWith("gpu") ? device_id : `${device_id}/${domain}`;

const fileOf = (folder: string, device: string): string =>
  join(folder, `${createHash("sha256").update(device).digest("hex").slice(0, 16)}.json`);

/** What a device's file holds: one figure for each state that it was measured in, the newest first. */
interface IdleFile {
  readonly schema_version: 1;
  readonly device: string;
  readonly figures: readonly CachedIdle[];
}

/** States of one device that are kept: other power limits and drivers, and some temperatures of each. */
const MOST_STATES = 16;

/** The kept figures of a device, the newest first; none without a file, or with one that cannot be used. */
export async function readIdle(folder: string, device: string): Promise<readonly CachedIdle[]> {
  try {
    const file = JSON.parse(await readFile(fileOf(folder, device), "utf8")) as IdleFile;
    return file.schema_version === 1 && file.device === device ? file.figures.filter(isUsable) : [];
  } catch {
    return [];
  }
}

const isUsable = ({ power_w, seconds, measured_at, state }: CachedIdle): boolean =>
  power_w >= 0 && seconds > 0 && Number.isFinite(Date.parse(measured_at)) && typeof state.settings === "object";

/** Keeps a figure, in the place of an older one of the same state. @throws LemError `io.*` */
export async function keepIdle(folder: string, device: string, idle: CachedIdle): Promise<void> {
  const others = (await readIdle(folder, device)).filter(({ state }) => differenceOf(state, idle.state) !== undefined);
  const file: IdleFile = { schema_version: 1, device, figures: [idle, ...others].slice(0, MOST_STATES) };
  await writeFileAtomic(fileOf(folder, device), `${JSON.stringify(file, null, 2)}\n`);
}

/** How old a figure is, in seconds. */
export const ageOf = ({ measured_at }: Pick<CachedIdle, "measured_at">, now: Date): number =>
  (now.getTime() - Date.parse(measured_at)) / 1e3;

/** Why a kept figure does not hold for a device as it is now; undefined when it does. */
export function whyNotReused(
  kept: CachedIdle,
  state: SensorState,
  { now, max_age_s }: { readonly now: Date; readonly max_age_s: number },
): string | undefined {
  const age_s = ageOf(kept, now);
  if (age_s > max_age_s || age_s < 0) return `it is ${age_s.toFixed(0)} s old, and may be ${max_age_s} s`;
  if ((state.processes ?? []).length > 0) return "another program computes on the GPU";
  return differenceOf(kept.state, state);
}

/** In what one state differs from another so far that their powers do; undefined when they count as the same. */
function differenceOf(before: CachedIdle["state"], state: CachedIdle["state"]): string | undefined {
  const names = new Set([...Object.keys(before.settings), ...Object.keys(state.settings)]);
  for (const name of names) {
    const [was, is] = [before.settings[name] ?? null, state.settings[name] ?? null];
    if (was !== is) return `${name} was ${was}, and is ${is}`;
  }
  const { temperature_c, clock_mhz } = before;
  if (isFar(temperature_c, state.temperature_c, SAME.temperature_c))
    return `its temperature was ${temperature_c} °C, and is ${state.temperature_c} °C`;
  if (isFar(clock_mhz, state.clock_mhz, SAME.clock_share * (clock_mhz ?? 0)))
    return `its clock was ${clock_mhz} MHz, and is ${state.clock_mhz} MHz`;
  return undefined;
}

const isFar = (was: number | null, is: number | null, limit: number): boolean =>
  was === null || is === null ? was !== is : Math.abs(was - is) > limit;
