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

/** Where an observation shows a gap first; undefined where it does not. */
export const sightingOf = (gap: Sought, observation: Observation): Sighting | undefined =>
  sightingsOf(gap, observation)[0];

/** Whether an observation shows the very same: a function may do several things, and one line in several ways. */
export const isSeenAgain = (gap: Sought, observation: Observation, sought: Sighting): boolean =>
  sightingsOf(gap, observation).some(
    ({ stage, place, exception }) =>
      stage === sought.stage && place?.line === sought.place?.line && exception === sought.exception,
  );

function sightingsOf(gap: Sought, observation: Observation): readonly Sighting[] {
  if (gap.kind === "changed") return changedSightings(gap, observation);
  return observation.stages.flatMap((stage) => {
    const seen = gap.kind === "refused" ? refusedAt(gap, stage) : saidAt(gap, stage);
    return seen.map((each) => ({ stage: stage.stage, ...each }));
  });
}

type Seen = Omit<Sighting, "stage">;

function changedSightings({ fields }: Sought, observation: Observation): readonly Sighting[] {
  const [field = ""] = fields;
  const given = observation.given.get(field);
  const end = finalValue(observation, field);
  if (given === undefined || end === undefined || valueKey(given) === valueKey(end)) return [];
  return [{ stage: 0, place: null, exception: null }];
}

function refusedAt(gap: Sought, { exception }: ProbeStage): readonly Seen[] {
  if (exception === null || shortName(exception.type) !== gap.exception) return [];
  const place = innermostOf(exception);
  const isThere = gap.place === null || (place !== null && isAt(gap.place, place));
  return isThere ? [{ place, exception: exception.type }] : [];
}

const innermostOf = ({ frames, items }: ProbeException): SourcePlace | null =>
  [...frames, ...items.flatMap((item) => item.frames)][0] ?? null;

const shortName = (type: string): string => type.slice(type.lastIndexOf(".") + 1);

const saidAt = ({ place }: Sought, { said }: ProbeStage): readonly Seen[] =>
  place === null ? [] : said.filter((each) => isAt(place, each)).map((each) => ({ place: each, exception: null }));

/** Another version has the function on other lines. */
const isAt = (sought: SourcePlace, { path, qualname }: SourcePlace): boolean =>
  sought.path === path && sought.qualname === qualname;
