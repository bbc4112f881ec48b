import { LemError } from "@lem/domain";
import { Cron } from "croner";

/** When a study is to run. */
export interface ScheduleSettings {
  /** A cron expression of five fields, or six with seconds. */
  readonly cron: string | null;
  /** Single moments: ISO 8601; those without an offset are of the time zone. */
  readonly at: readonly string[];
  /** IANA name: `Europe/Berlin`; null: the machine's. */
  readonly timezone: string | null;
}

/** The moments of a schedule. */
export interface Timetable {
  /** The next moment after another one; null when there is none. */
  next(after: Date): Date | null;
}

/**
 * Reads a schedule. Daylight saving is the time zone's: what falls into a skipped hour is due right after it, and an hour
 * that comes twice counts once.
 * @throws LemError `study.schedule`
 */
export function readTimetable({ cron, at, timezone }: ScheduleSettings): Timetable {
  const zone = timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const texts = [...(cron === null ? [] : [cron]), ...at];
  if (texts.length === 0)
    throw new LemError("study.schedule", "a schedule needs a time", { hint: "add --cron or --at" });
  const sources = [...(cron === null ? [] : [readCron(cron, zone)]), ...at.map((text) => readMoment(text, zone))];
  return { next: (after) => earliest(sources.map((source) => source.nextRun(after))) };
}

const FORMS = "minute, hour, day of month, month and weekday: 0 22 * * 1-5";

function readCron(text: string, timezone: string): Cron {
  const fields = text.trim().split(/\s+/).length;
  if (fields !== 5 && fields !== 6 && !text.startsWith("@"))
    throw new LemError("study.schedule", `"${text}" is of ${fields} part${fields === 1 ? "" : "s"}`, {
      hint: `a cron expression has five: ${FORMS}`,
    });
  return opened(text, { timezone }, FORMS);
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/;

/** A moment with an offset is itself; one without is of the zone. */
function readMoment(text: string, timezone: string): Pick<Cron, "nextRun"> {
  const form = "a moment is 2026-12-24T18:00, with an offset if it is not of the time zone";
  const match = MOMENT.exec(text);
  if (match === null) throw new LemError("study.schedule", `"${text}" is no moment`, { hint: form });
  if (match[2] === undefined) return opened(match[1] === undefined ? `${text}:00` : text, { timezone }, form);
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new LemError("study.schedule", `"${text}" is no moment`, { hint: form });
  return { nextRun: (after) => (after instanceof Date && moment <= after ? null : moment) };
}

function opened(text: string, { timezone }: { readonly timezone: string }, hint: string): Cron {
  try {
    const cron = new Cron(text, { timezone, paused: true });
    cron.nextRun();
    return cron;
  } catch (cause) {
    throw new LemError(
      "study.schedule",
      `"${text}" in ${timezone} is not understood: ${String((cause as Error).message)}`,
      {
        hint,
        cause,
      },
    );
  }
}

const earliest = (moments: readonly (Date | null)[]): Date | null =>
  moments.filter((moment) => moment !== null).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
