import type { HostOptions } from "../host/files.ts";
import { corpusChecks } from "./corpus.ts";
import { energyChecks } from "./energy.ts";
import { engineChecks, locateAll } from "./engines.ts";
import { hostChecks } from "./host.ts";
import { modelChecks } from "./models.ts";
import { DOCTOR_GROUPS, type DoctorCheck, type DoctorGroup, type DoctorOptions, type DoctorReport } from "./report.ts";

/**
 * Examines what this machine can measure and run. Loads no engine and changes nothing; asks the network only when
 * `probeHub` is set. `groups` restricts the work, the others are then empty.
 */
export async function diagnose(
  options: DoctorOptions,
  groups: readonly DoctorGroup[] = DOCTOR_GROUPS,
): Promise<DoctorReport> {
  const host: HostOptions = { root: options.root ?? "/" };
  const checked_at = new Date().toISOString();
  const located = groups.includes("engines") || groups.includes("corpus") ? await locateAll(options) : [];
  const examine: Readonly<Record<DoctorGroup, () => Promise<readonly DoctorCheck[]>>> = {
    energy: () => energyChecks(host, options),
    engines: () => engineChecks(located, options, host),
    models: () => modelChecks(options),
    host: () => hostChecks(host, options),
    corpus: async () => corpusChecks(located, options),
  };
  const found = await Promise.all(
    DOCTOR_GROUPS.map(async (group) => [group, groups.includes(group) ? await examine[group]() : []] as const),
  );
  return { checked_at, checks: Object.fromEntries(found) as DoctorReport["checks"] };
}
