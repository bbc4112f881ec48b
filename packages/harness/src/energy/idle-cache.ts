import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { SensorState } from "@lem/engines/host";

/** The power of one sensor's device at rest, with the state in which it was measured. */
export interface CachedIdle {
  readonly schema_version: 1;
  /** Of the sensor: the same device may be `gpu0` to one process and `gpu1` to another. */
  readonly device: string;
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

/** The kept figure of a device; undefined without one, or with a file that cannot be used. */
export async function readIdle(folder: string, device: string): Promise<CachedIdle | undefined> {
  try {
    const kept = JSON.parse(await readFile(fileOf(folder, device), "utf8")) as CachedIdle;
    const usable = kept.schema_version === 1 && kept.device === device && kept.power_w >= 0 && kept.seconds > 0;
    return usable && Number.isFinite(Date.parse(kept.measured_at)) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a figure, in the place of an older one of the same device. @throws LemError `io.*` */
export async function keepIdle(folder: string, idle: CachedIdle): Promise<void> {
  await writeFileAtomic(fileOf(folder, idle.device), `${JSON.stringify(idle, null, 2)}\n`);
}

/** How old a figure is, in seconds. */
export const ageOf = ({ measured_at }: CachedIdle, now: Date): number =>
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
  const names = new Set([...Object.keys(kept.state.settings), ...Object.keys(state.settings)]);
  for (const name of names) {
    const [was, is] = [kept.state.settings[name] ?? null, state.settings[name] ?? null];
    if (was !== is) return `${name} was ${was}, and is ${is}`;
  }
  const { temperature_c, clock_mhz } = kept.state;
  if (isFar(temperature_c, state.temperature_c, SAME.temperature_c))
    return `its temperature was ${temperature_c} °C, and is ${state.temperature_c} °C`;
  if (isFar(clock_mhz, state.clock_mhz, SAME.clock_share * (clock_mhz ?? 0)))
    return `its clock was ${clock_mhz} MHz, and is ${state.clock_mhz} MHz`;
  return undefined;
}

const isFar = (was: number | null, is: number | null, limit: number): boolean =>
  was === null || is === null ? was !== is : Math.abs(was - is) > limit;
