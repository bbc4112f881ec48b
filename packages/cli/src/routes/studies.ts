import { buildCommand, buildRouteMap, type Command, type RouteMap } from "@stricli/core";
import { count, flag, json, out, text, usage } from "./parts.ts";
import type { CliContext } from "../context.ts";
import { EXAMPLES } from "./examples.ts";
import { experimentFlags } from "./experiment-flags.ts";
import type { ScheduleFlags, StudyFlags } from "./flags.ts";

const studyParameters = {
  flags: { json, out },
  positional: {
    kind: "tuple",
    parameters: [{ parse: text, brief: "study folder (default: the newest)", placeholder: "DIR", optional: true }],
  },
} as const;

/** `lem study` */
export const study: RouteMap<CliContext> = buildRouteMap({
  routes: {
    status: buildCommand<StudyFlags, [string?], CliContext>({
      loader: async () => (await import("../commands/study.ts")).status,
      parameters: studyParameters,
      docs: { brief: "how far a study came, and what failed", customUsage: usage(EXAMPLES.studyStatus) },
    }),
    watch: buildCommand<StudyFlags, [string?], CliContext>({
      loader: async () => (await import("../commands/study.ts")).watch,
      parameters: studyParameters,
      docs: { brief: "follow a study that runs elsewhere, until it ends", customUsage: usage(EXAMPLES.studyWatch) },
    }),
  },
  docs: { brief: "studies on disk, at work or ended" },
});

const moment = { kind: "parsed", parse: text, optional: true } as const;

/** `lem schedule` */
export const schedule: Command<CliContext> = buildCommand<ScheduleFlags, [string], CliContext>({
  loader: async () => (await import("../commands/schedule.ts")).schedule,
  parameters: {
    flags: {
      ...experimentFlags,
      out,
      quiet: { ...flag, brief: "say nothing until the end" },
      verbose: { ...flag, brief: "print every step" },
      cron: { ...moment, brief: 'when: minute, hour, day, month, weekday ("0 22 * * 1-5")', placeholder: "EXPR" },
      at: { ...moment, brief: "a single moment; may be repeated", placeholder: "TIME", variadic: true },
      timezone: { ...moment, brief: "zone of the times (default: the machine's)", placeholder: "ZONE" },
      for: { ...moment, brief: "length of the window after each moment: 8h, 90m", placeholder: "TIME" },
      times: { kind: "parsed", parse: count, optional: true, brief: "starts at most", placeholder: "N" },
      status: { ...moment, brief: "status file (default: in the results folder)", placeholder: "FILE" },
    },
    positional: { kind: "tuple", parameters: [{ parse: text, brief: "study or experiment", placeholder: "FILE" }] },
    aliases: { e: "engine", m: "model", s: "set", o: "out", q: "quiet", v: "verbose" },
  },
  docs: { brief: "run a study at given times, or within windows", customUsage: usage(EXAMPLES.schedule) },
});
