import { buildCommand, buildRouteMap, type RouteMap } from "@stricli/core";
import { flag, json, out, text, usage } from "./parts.ts";
import type { CliContext } from "../context.ts";
import { EXAMPLES } from "./examples.ts";
import type { JsonFlags, ResultsFlags } from "./flags.ts";

const resultsFlags = { json, out, verbose: { ...flag, brief: "every note" } } as const;

/** `lem results` */
export const results: RouteMap<CliContext> = buildRouteMap({
  routes: {
    list: buildCommand<ResultsFlags, [], CliContext>({
      loader: async () => (await import("../commands/results.ts")).list,
      parameters: { flags: resultsFlags },
      docs: { brief: "studies in the results folder, newest first", customUsage: usage(EXAMPLES.resultsList) },
    }),
    show: buildCommand<ResultsFlags, [string?], CliContext>({
      loader: async () => (await import("../commands/results.ts")).show,
      parameters: {
        flags: resultsFlags,
        positional: {
          kind: "tuple",
          parameters: [
            { parse: text, brief: "folder or result.json (default: the newest)", placeholder: "DIR", optional: true },
          ],
        },
      },
      docs: { brief: "the summary of a result", customUsage: usage(EXAMPLES.resultsShow) },
    }),
    compare: buildCommand<JsonFlags, string[], CliContext>({
      loader: async () => (await import("../commands/compare.ts")).compare,
      parameters: {
        flags: { json },
        positional: {
          kind: "array",
          parameter: {
            parse: text,
            brief: "runs, studies or result.json files; the first is compared with",
            placeholder: "DIR",
          },
          minimum: 1,
        },
      },
      docs: { brief: "results against the first one", customUsage: usage(EXAMPLES.resultsCompare) },
    }),
    recompute: buildCommand<JsonFlags, [string], CliContext>({
      loader: async () => (await import("../commands/recompute.ts")).recompute,
      parameters: {
        flags: { json },
        positional: {
          kind: "tuple",
          parameters: [{ parse: text, brief: "folder of a run, or its result.json", placeholder: "DIR" }],
        },
      },
      docs: {
        brief: "figures of energy and load again, from the raw streams",
        customUsage: usage(EXAMPLES.resultsRecompute),
      },
    }),
    aggregate: buildCommand<JsonFlags, [string], CliContext>({
      loader: async () => (await import("../commands/aggregate.ts")).aggregate,
      parameters: {
        flags: { json },
        positional: {
          kind: "tuple",
          parameters: [
            { parse: text, brief: "study folder, or one of the predecessor's per-process files", placeholder: "DIR" },
          ],
        },
      },
      docs: { brief: "cycles and processes put together again", customUsage: usage(EXAMPLES.resultsAggregate) },
    }),
  },
  docs: { brief: "results on disk" },
});
