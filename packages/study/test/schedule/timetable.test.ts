import { LemError } from "@lem/domain";
import { expect, it } from "vitest";
import { readTimetable, type ScheduleSettings } from "../../src/schedule/timetable.ts";

const BERLIN = "Europe/Berlin";

/** The next moments of a schedule, in UTC. */
function moments(settings: Partial<ScheduleSettings>, after: string, count = 3): readonly string[] {
  const table = readTimetable({ cron: null, at: [], timezone: BERLIN, ...settings });
  const found: string[] = [];
  for (let from = new Date(after); found.length < count;) {
    const next = table.next(from);
    if (next === null) break;
    found.push(next.toISOString().slice(0, 16));
    from = next;
  }
  return found;
}

it("takes a cron expression in its time zone", () => {
  expect(moments({ cron: "30 22 * * 1-5" }, "2026-11-20T12:00:00Z")).toEqual([
    "2026-11-20T21:30",
    "2026-11-23T21:30",
    "2026-11-24T21:30",
  ]);
  expect(moments({ cron: "30 22 * * 1-5", timezone: "America/New_York" }, "2026-11-20T12:00:00Z", 1)).toEqual([
    "2026-11-21T03:30",
  ]);
});

it("goes by the clock on the wall across daylight saving: 3 o'clock comes once a day", () => {
  expect(moments({ cron: "0 3 * * *" }, "2026-03-28T00:00:00Z")).toEqual([
    "2026-03-28T02:00",
    "2026-03-29T01:00",
    "2026-03-30T01:00",
  ]);
  expect(moments({ cron: "30 2 * * *" }, "2026-10-24T12:00:00Z", 2)).toHaveLength(2);
  expect(moments({ cron: "30 2 * * *" }, "2026-10-24T12:00:00Z", 2)[1]).toMatch(/^2026-10-26/);
});

it("takes single moments, of the zone or with an offset, and those that are over are over", () => {
  const at = ["2026-12-24T18:00", "2026-12-24T12:00:00Z", "2020-01-01T00:00"];
  expect(moments({ at }, "2026-11-22T00:00:00Z")).toEqual(["2026-12-24T12:00", "2026-12-24T17:00"]);
});

it("takes both together, in their order", () => {
  expect(moments({ cron: "0 0 * * *", at: ["2026-11-22T12:00"], timezone: "UTC" }, "2026-11-22T06:00:00Z", 2)).toEqual([
    "2026-11-22T12:00",
    "2026-11-23T00:00",
  ]);
});

it.each([
  [{}, /needs a time/],
  [{ cron: "every day" }, /of 2 parts/],
  [{ cron: "61 * * * *" }, /"61 \* \* \* \*" in Europe\/Berlin is not understood/],
  [{ cron: "0 3 * * *", timezone: "Europe/Atlantis" }, /Europe\/Atlantis/],
  [{ at: ["tomorrow"] }, /"tomorrow" is no moment/],
  [{ at: ["2026-13-45T99:00"] }, /2026-13-45T99:00/],
  [{ at: ["2026-13-45T09:00Z"] }, /2026-13-45T09:00Z/],
])("refuses what is no schedule, with a hint: %o", (settings, message) => {
  const read = (): unknown => moments(settings, "2026-11-22T00:00:00Z");
  expect(read).toThrow(message);
  expect(read).toThrow(LemError);
});
