import { buildApplication, buildCommand, buildRouteMap, text_en, type Application } from "@stricli/core";
import { LemError, type ExitCode } from "@lem/domain";
import { count, flag, json, out, text, usage } from "./parts.ts";
import type { CliContext } from "../context.ts";
import { EXAMPLES } from "./examples.ts";
import { experimentFile, experimentFlags } from "./experiment-flags.ts";
import type {
  CheckFlags,
  ConfigInitFlags,
  EngineDiffFlags,
  ExperimentFlags,
  FlopsFlags,
  InstallFlags,
  InvariantFlags,
  JsonFlags,
  PlanFlags,
  PullFlags,
  RunFlags,
} from "./flags.ts";
import type { CliIo } from "../io.ts";
import { params } from "./params.ts";
import { errorJson, errorText } from "../render/error.ts";
import { results } from "./results.ts";
import { schedule, study } from "./studies.ts";
import { version } from "../version.ts";

const engineVersion = {
  kind: "parsed",
  parse: text,
  optional: true,
  brief: "version whose rules hold (default: the newest known)",
  placeholder: "V",
} as const;

const profile = {
  kind: "parsed",
  parse: text,
  optional: true,
  brief: "kind of machine, such as cpu or cuda-sm90 (default: this one)",
  placeholder: "P",
} as const;

const run = buildCommand<RunFlags, [string?], CliContext>({
  loader: async () => (await import("../commands/run.ts")).run,
  parameters: {
    flags: {
      ...experimentFlags,
      out,
      quiet: { ...flag, brief: "print the results folder only" },
      verbose: { ...flag, brief: "print every step and every note" },
      yes: { ...flag, brief: "never ask" },
      resume: { ...flag, brief: "go on with the newest study that did not complete, of FILE if given" },
      adopt: { ...flag, brief: "with --resume: also when it would run something else now; what fits is kept" },
    },
    positional: experimentFile,
    aliases: { e: "engine", m: "model", s: "set", o: "out", q: "quiet", v: "verbose", y: "yes" },
  },
  docs: { brief: "measure an experiment and store its result", customUsage: usage(EXAMPLES.run) },
});

const plan = buildCommand<PlanFlags, [string?], CliContext>({
  loader: async () => (await import("../commands/plan.ts")).plan,
  parameters: {
    flags: {
      ...experimentFlags,
      out: { ...out, brief: "results folder whose runs estimates rest on (default: ./results)" },
      why: { ...flag, brief: "list every rule that refuses points, and every merged point" },
    },
    positional: experimentFile,
    aliases: { e: "engine", m: "model", s: "set", o: "out" },
  },
  docs: {
    brief: "show what would run: of an experiment every field with its origin, of a study what becomes of its points",
    customUsage: usage(EXAMPLES.plan),
  },
});

const check = buildCommand<CheckFlags, [string?], CliContext>({
  loader: async () => (await import("../commands/check.ts")).check,
  parameters: {
    flags: {
      ...experimentFlags,
      engineVersion,
      profile,
      ndjson: { ...flag, brief: "judge one engine configuration a line of stdin, for programs" },
    },
    positional: experimentFile,
    aliases: { e: "engine", m: "model", s: "set" },
  },
  docs: { brief: "list the problems of an experiment; needs no engine", customUsage: usage(EXAMPLES.check) },
});

const doctor = buildCommand<JsonFlags, [string?], CliContext>({
  loader: async () => (await import("../commands/doctor.ts")).doctor,
  parameters: {
    flags: { json },
    positional: {
      kind: "tuple",
      parameters: [
        { parse: text, brief: "energy, engines, models, host or corpus", placeholder: "TOPIC", optional: true },
      ],
    },
  },
  docs: {
    brief: "say what this machine can measure and run, and what to do about each gap",
    customUsage: usage(EXAMPLES.doctor),
  },
});

const flops = buildCommand<FlopsFlags, [string], CliContext>({
  loader: async () => (await import("../commands/flops.ts")).flops,
  parameters: {
    flags: {
      input: { kind: "parsed", parse: count, brief: "input tokens of each request", placeholder: "N" },
      output: { kind: "parsed", parse: count, brief: "output tokens of each request", placeholder: "M" },
      batch: { kind: "parsed", parse: count, default: "1", brief: "requests", placeholder: "B" },
      json,
    },
    positional: {
      kind: "tuple",
      parameters: [{ parse: text, brief: "model, folder or config.json", placeholder: "MODEL" }],
    },
  },
  docs: { brief: "count operations without running or downloading weights", customUsage: usage(EXAMPLES.flops) },
});

const engines = buildRouteMap({
  routes: {
    list: buildCommand<JsonFlags, [], CliContext>({
      loader: async () => (await import("../commands/engines.ts")).list,
      parameters: { flags: { json } },
      docs: { brief: "engines and whether they are installed", customUsage: usage(EXAMPLES.enginesList) },
    }),
    install: buildCommand<InstallFlags, [string], CliContext>({
      loader: async () => (await import("../commands/engines.ts")).install,
      parameters: {
        flags: {
          variant: {
            kind: "enum",
            values: ["cpu", "cuda", "vulkan"],
            optional: true,
            brief: "build (default: what the machine has)",
          },
          version: {
            kind: "parsed",
            parse: text,
            optional: true,
            brief: "one of the supported versions",
            placeholder: "V",
          },
          yes: { ...flag, brief: "never ask" },
          json,
        },
        positional: { kind: "tuple", parameters: [{ parse: text, brief: "engine", placeholder: "ENGINE" }] },
      },
      docs: { brief: "install an engine into lem's own folder", customUsage: usage(EXAMPLES.enginesInstall) },
    }),
    diff: buildCommand<EngineDiffFlags, [string, string, string, string?], CliContext>({
      loader: async () => (await import("../commands/engine-diff.ts")).diff,
      parameters: {
        flags: { profile, json },
        positional: {
          kind: "tuple",
          parameters: [
            { parse: text, brief: "engine", placeholder: "ENGINE" },
            { parse: text, brief: "the version before", placeholder: "OLD" },
            { parse: text, brief: "the version after", placeholder: "NEW" },
            { parse: text, brief: "an experiment that the newer one may refuse", placeholder: "FILE", optional: true },
          ],
        },
      },
      docs: {
        brief: "what changes between two versions of an engine, and for an experiment",
        customUsage: usage(EXAMPLES.enginesDiff),
      },
    }),
    params,
    gaps: buildCommand<JsonFlags, [string?], CliContext>({
      loader: async () => (await import("../commands/engine-gaps.ts")).gaps,
      parameters: {
        flags: { json },
        positional: {
          kind: "tuple",
          parameters: [
            {
              parse: text,
              brief: "results folder, study or result.json (default: ./results)",
              placeholder: "DIR",
              optional: true,
            },
          ],
        },
      },
      docs: { brief: "what engines did that no rule foresaw, over results", customUsage: usage(EXAMPLES.enginesGaps) },
    }),
  },
  docs: { brief: "the engines of this machine" },
});

const invariants = buildRouteMap({
  routes: {
    list: buildCommand<InvariantFlags, [string?], CliContext>({
      loader: async () => (await import("../commands/invariants.ts")).list,
      parameters: {
        flags: { json, engine: experimentFlags.engine, engineVersion },
        positional: {
          kind: "tuple",
          parameters: [{ parse: text, brief: "class (default: all)", placeholder: "CLASS", optional: true }],
        },
      },
      docs: { brief: "the engines' own rules, by class", customUsage: usage(EXAMPLES.invariantsList) },
    }),
    explain: buildCommand<InvariantFlags, [string], CliContext>({
      loader: async () => (await import("../commands/invariants.ts")).explain,
      parameters: {
        flags: { json, engine: experimentFlags.engine, engineVersion },
        positional: { kind: "tuple", parameters: [{ parse: text, brief: "rule", placeholder: "ID" }] },
      },
      docs: { brief: "what a rule says and where it is from", customUsage: usage(EXAMPLES.invariantsExplain) },
    }),
  },
  docs: { brief: "the rules that engines check configurations with" },
});

const models = buildRouteMap({
  routes: {
    list: buildCommand<JsonFlags, [], CliContext>({
      loader: async () => (await import("../commands/models.ts")).list,
      parameters: { flags: { json } },
      docs: { brief: "known models and what the cache holds", customUsage: usage(EXAMPLES.modelsList) },
    }),
    pull: buildCommand<PullFlags, [string], CliContext>({
      loader: async () => (await import("../commands/models.ts")).pull,
      parameters: {
        flags: { json, engine: experimentFlags.engine },
        positional: { kind: "tuple", parameters: [{ parse: text, brief: "model", placeholder: "MODEL" }] },
      },
      docs: { brief: "fetch a model into the cache", customUsage: usage(EXAMPLES.modelsPull) },
    }),
  },
  docs: { brief: "the models of this machine" },
});

const config = buildRouteMap({
  routes: {
    show: buildCommand<ExperimentFlags, [string?], CliContext>({
      loader: async () => (await import("../commands/config.ts")).show,
      parameters: { flags: experimentFlags, positional: experimentFile },
      docs: { brief: "the resolved configuration", customUsage: usage(EXAMPLES.configShow) },
    }),
    init: buildCommand<ConfigInitFlags, [string?], CliContext>({
      loader: async () => (await import("../commands/config.ts")).init,
      parameters: {
        flags: {
          engine: { ...experimentFlags.engine, brief: "with the parameters of this engine, as comments" },
          engineVersion: { ...engineVersion, brief: "version of the engine (default: the newest known)" },
          all: { ...flag, brief: "with --engine: every parameter, not only those that its rules read" },
        },
        positional: {
          kind: "tuple",
          parameters: [{ parse: text, brief: "file to write (default: print)", placeholder: "FILE", optional: true }],
        },
      },
      docs: { brief: "an annotated experiment to start from", customUsage: usage(EXAMPLES.configInit) },
    }),
  },
  docs: { brief: "configuration files" },
});

const root = buildRouteMap({
  routes: { run, plan, check, doctor, flops, engines, invariants, models, study, schedule, results, config },
  docs: { brief: "what an LLM inference setup costs in joules, seconds and FLOPs, and which settings cost less" },
});

const exitCodeOf = (error: unknown): ExitCode => (error instanceof LemError ? error.exitCode : 1);

/**
 * Builds the command tree; commands load their code when they run.
 * @param json whether a program reads stdout: what ends a command is then said there too
 */
export function application(io: CliIo, json = false): Application<CliContext> {
  const render = (error: unknown): string => {
    if (json) io.stdout.write(`${errorJson(error)}\n`);
    return errorText(error, { color: io.color });
  };
  return buildApplication(root, {
    name: "lem",
    versionInfo: { currentVersion: version() },
    determineExitCode: exitCodeOf,
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: !io.color, useAliasInUsageLine: false },
    localization: {
      text: {
        ...text_en,
        exceptionWhileRunningCommand: render,
        exceptionWhileLoadingCommandFunction: render,
        commandErrorResult: render,
      },
    },
  });
}
