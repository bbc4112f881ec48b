import { buildCommand, type Command } from "@stricli/core";
import { json, text, usage } from "./parts.ts";
import type { CliContext } from "../context.ts";
import { EXAMPLES } from "./examples.ts";
import type { ParamsFlags } from "./flags.ts";

/** `lem engines params` */
export const params: Command<CliContext> = buildCommand<ParamsFlags, [string?, string?], CliContext>({
  loader: async () => (await import("../commands/engine-params.ts")).params,
  parameters: {
    flags: {
      engineVersion: {
        kind: "parsed",
        parse: text,
        optional: true,
        brief: "version of the engine (default: the newest known)",
        placeholder: "V",
      },
      results: {
        kind: "parsed",
        parse: text,
        optional: true,
        brief: "results folder: which parameters move energy or throughput, by pairs that differ in one alone",
        placeholder: "DIR",
      },
      json,
    },
    positional: {
      kind: "tuple",
      parameters: [
        { parse: text, brief: "engine (default: an overview)", placeholder: "ENGINE", optional: true },
        { parse: text, brief: "parameter, section or class (default: all)", placeholder: "NAME", optional: true },
      ],
    },
  },
  docs: {
    brief: "the parameters of an engine: type, default, bounds, rules, effect",
    customUsage: usage(EXAMPLES.enginesParams),
  },
});
