import type { GapGroup, SourcePlace } from "@lem/domain";
import { valueKey } from "../prove/background.ts";
import { finalValue } from "../prove/judge.ts";
import type { Observation } from "../prove/observe.ts";
import type { ProbeException, ProbeStage } from "../probe/protocol.ts";

/** A gap as an observation shows it: in which stage, and at which place of the version at hand. */
export interface Sighting {
  readonly stage: number;
  readonly place: SourcePlace | null;
  /** Class of what was raised; null for what was said or changed. */
  readonly exception: string | null;
}

type Sought = Pick<GapGroup, "kind" | "fields" | "place" | "exception">;

/** Where an observation shows a gap; undefined where it does not. */
export function sightingOf(gap: Sought, observation: Observation): Sighting | undefined {
  if (gap.kind === "changed") return changedSighting(gap, observation);
  for (const stage of observation.stages) {
    const seen = gap.kind === "refused" ? refusedAt(gap, stage) : saidAt(gap, stage);
    if (seen !== undefined) return { stage: stage.stage, ...seen };
  }
  return undefined;
}

/** Whether two sightings are of one line: a function may refuse several things, and one line in several ways. */
export const isSameSighting = (a: Sighting, b: Sighting): boolean =>
  a.stage === b.stage && a.place?.line === b.place?.line && a.exception === b.exception;

type Seen = Omit<Sighting, "stage">;

function changedSighting({ fields }: Sought, observation: Observation): Sighting | undefined {
  const [field = ""] = fields;
  const given = observation.given.get(field);
  const end = finalValue(observation, field);
  if (given === undefined || end === undefined || valueKey(given) === valueKey(end)) return undefined;
  return { stage: 0, place: null, exception: null };
}

function refusedAt(gap: Sought, { exception }: ProbeStage): Seen | undefined {
  if (exception === null || shortName(exception.type) !== gap.exception) return undefined;
  const place = innermostOf(exception);
  const isThere = gap.place === null || (place !== null && isAt(gap.place, place));
  return isThere ? { place, exception: exception.type } : undefined;
}

const innermostOf = ({ frames, items }: ProbeException): SourcePlace | null =>
  [...frames, ...items.flatMap((item) => item.frames)][0] ?? null;

const shortName = (type: string): string => type.slice(type.lastIndexOf(".") + 1);

function saidAt({ place }: Sought, { said }: ProbeStage): Seen | undefined {
  const found = place === null ? undefined : said.find((each) => isAt(place, each));
  return found === undefined ? undefined : { place: found, exception: null };
}

/** Another version has the function on other lines. */
const isAt = (sought: SourcePlace, { path, qualname }: SourcePlace): boolean =>
  sought.path === path && sought.qualname === qualname;
