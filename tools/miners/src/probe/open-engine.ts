import type { Ledger } from "../ledger/ledger.ts";
import { usualProfile, type Target, type TargetFunction } from "../targets/target.ts";
import type { EnginePlace } from "./engine-place.ts";
import { findTransport } from "./find-transport.ts";
import { openProbe, type EngineProbe } from "./open-probe.ts";
import { foldersOf } from "./session.ts";

/** A mined version of an engine, and where it is. */
export interface MinedEngine extends Omit<EnginePlace, "profile"> {
  readonly target: Target;
  /** What was mined: another source is refused. */
  readonly ledger: Ledger | undefined;
  /** The target's usual one unless told. */
  readonly profile?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a probe on an engine whose rules are known, in one of the target's profiles: for its classes, or for functions, which
 * have one of their own, as it watches what the engine asks of the machine.
 */
export function openEngine(
  { ledger, signal, profile, ...place }: MinedEngine,
  functions: readonly TargetFunction[],
): Promise<EngineProbe> {
  const { target } = place;
  return openProbe({
    transport: findTransport({ ...place, profile: profile ?? usualProfile(target) }),
    package: target.root,
    files: Object.fromEntries(ledger?.files.map(({ path, sha }) => [path, sha]) ?? []),
    landmarks: target.landmarks,
    functions,
    folders: functions.length === 0 ? foldersOf(target) : [],
    signal,
  });
}
