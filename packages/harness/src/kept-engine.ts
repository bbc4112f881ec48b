import { canonicalJson } from "@lem/domain";
import type { Replies, Requests, WorkerSession } from "@lem/engines";
import type { BareIdle } from "./energy/baseline.ts";

/** An engine with a loaded model that one experiment leaves to the next. */
export interface KeptEngine {
  readonly session: WorkerSession;
  /** What it was asked to load. */
  readonly request: Requests["load"];
  readonly load: Replies["load"];
  /** The idle power of the machine before it was started; null when that was not measured. */
  readonly bare: BareIdle | null;
}

/** Where loaded engines go from one experiment to the next. */
export interface EngineExchange {
  /** True when the experiment is to leave its engine, if all goes well and the engine can serve other requests. */
  readonly keeps: boolean;
  /** Gives the engine that is there if it serves a load, and ends it otherwise. @throws LemError `io.*` */
  take(wanted: Requests["load"]): Promise<KeptEngine | undefined>;
  /** Takes over the engine of an experiment that went well. */
  leave(engine: KeptEngine): void;
}

/** True when an engine works as one that was just loaded with `wanted` would, once it has its sections of requests. */
export function servesLoad(engine: KeptEngine, wanted: Requests["load"]): boolean {
  const { configures } = engine.session.hello;
  const anyWork = engine.load.any_work === true;
  const identity = (request: Requests["load"]): string =>
    canonicalJson(loadIdentity(request, configures ?? [], anyWork));
  return configures !== undefined && identity(engine.request) === identity(wanted);
}

/** What a load is made with: all but the sections of requests, and the work where nothing is made to its measure. */
function loadIdentity(
  { sections, parallel, max_sequence_tokens, ...load }: Requests["load"],
  configures: readonly string[],
  anyWork: boolean,
): Parameters<typeof canonicalJson>[0] {
  const own = Object.entries(sections).filter(([name]) => !configures.includes(name));
  const work = anyWork ? {} : { parallel, max_sequence_tokens };
  return { ...load, ...work, sections: Object.fromEntries(own) };
}
