/** How the process ends: 1 an experiment failed and its files are written, 2 refused before any start, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/**
 * Every error code, with its exit code and meaning. The union is closed: a new failure gets a new line here,
 * and the reference page of error codes is generated from this table.
 */
export const ERROR_CODES = {
  "cli.usage": { exit: 2, meaning: "the command line could not be understood" },
  "cli.unknown-command": { exit: 2, meaning: "there is no such command" },
  "config.file-not-found": { exit: 2, meaning: "the configuration file does not exist" },
  "config.file-unreadable": { exit: 2, meaning: "the configuration file exists but cannot be read" },
  "config.not-a-file": { exit: 2, meaning: "a folder was given where a file is needed" },
  "config.empty": { exit: 2, meaning: "the configuration file holds no keys" },
  "config.binary": { exit: 2, meaning: "the configuration file is not UTF-8 text" },
  "config.syntax": { exit: 2, meaning: "the YAML cannot be parsed" },
  "config.duplicate-key": { exit: 2, meaning: "a key is written twice in one mapping" },
  "config.alias-bomb": { exit: 2, meaning: "the YAML aliases expand beyond the limit" },
  "config.unknown-key": { exit: 2, meaning: "a key that nothing reads" },
  "config.missing-key": { exit: 2, meaning: "a required key is absent" },
  "config.wrong-type": { exit: 2, meaning: "a value of the wrong type" },
  "config.out-of-range": { exit: 2, meaning: "a value outside its bounds" },
  "config.not-allowed": { exit: 2, meaning: "a value outside its closed list" },
  "config.conflict": { exit: 2, meaning: "keys that exclude one another, or one that needs another" },
  "config.unknown-preset": { exit: 2, meaning: "there is no preset of that name" },
  "config.section-mismatch": { exit: 2, meaning: "a section of an engine that the experiment does not use" },
  "config.extends-cycle": { exit: 2, meaning: "files extend one another in a circle" },
  "config.path-outside": { exit: 2, meaning: "a path leaves the project" },
  "config.set-path": { exit: 2, meaning: "--set names a path that does not exist" },
  "config.set-syntax": { exit: 2, meaning: "--set is not of the form PATH=VALUE" },
  "config.predicate": { exit: 2, meaning: "a rule is not written in the predicate language" },
  "config.invariant": { exit: 2, meaning: "the engine's own rule refuses the configuration" },
  "config.engine-warning": { exit: 2, meaning: "the engine warns about the configuration; it runs nevertheless" },
  "config.dormant": {
    exit: 2,
    meaning: "the engine ignores a value or puts another one in its place; it runs nevertheless",
  },
  "config.deprecated": { exit: 2, meaning: "an old name is read, and should be renamed" },
  "config.corpus-missing": { exit: 2, meaning: "no parameter schema or rules exist for that engine version" },
  "config.corpus-invalid": { exit: 2, meaning: "the rules of an engine version are damaged" },
  "config.rule-unknown": { exit: 2, meaning: "there is no rule of that id" },
  "config.schema-version": { exit: 2, meaning: "the file's schema_version is newer than this program" },
  "engine.unknown": { exit: 2, meaning: "there is no engine of that name" },
  "engine.not-installed": { exit: 2, meaning: "the engine is not installed on this machine" },
  "engine.unsupported": { exit: 2, meaning: "the engine cannot do what the configuration asks" },
  "engine.install-failed": { exit: 1, meaning: "installing the engine failed; nothing half-installed was kept" },
  "engine.python-missing": { exit: 2, meaning: "the engine needs a Python that this machine lacks" },
  "model.unknown": { exit: 2, meaning: "the model name is no alias, hub id, folder or GGUF file" },
  "model.not-found": { exit: 2, meaning: "the model does not exist where it was looked for" },
  "model.no-source": { exit: 2, meaning: "no source of the model can be reached from this machine" },
  "model.gated": { exit: 2, meaning: "the hub asks for a token with access" },
  "model.corrupt": { exit: 2, meaning: "the model's files are damaged or of another format" },
  "model.checksum": { exit: 2, meaning: "a downloaded file does not have the expected SHA-256" },
  "model.download-interrupted": { exit: 2, meaning: "a download stopped; the next run resumes it" },
  "model.archive-path": { exit: 2, meaning: "an archive member would be written outside its folder" },
  "model.format": { exit: 2, meaning: "the engine cannot load this model format" },
  "workload.no-prompts": { exit: 2, meaning: "the prompt source holds no prompts" },
  "workload.file": { exit: 2, meaning: "the prompt file cannot be read" },
  "workload.beyond-context": { exit: 2, meaning: "input and output together exceed the model's context" },
  "energy.trace": { exit: 2, meaning: "the recorded power trace cannot be read" },
  "worker.spawn": { exit: 1, meaning: "the engine's process could not be started" },
  "worker.crashed": { exit: 1, meaning: "the engine's process ended unexpectedly" },
  "worker.out-of-memory": { exit: 1, meaning: "the engine ran out of memory" },
  "worker.silent": { exit: 1, meaning: "the engine sent nothing within its deadline" },
  "worker.protocol": { exit: 1, meaning: "the engine's process sent something that is not the protocol" },
  "worker.failed": { exit: 1, meaning: "the engine raised an error" },
  "measure.token-mismatch": { exit: 1, meaning: "the worker's token counts contradict one another" },
  "flops.unknown-shape": { exit: 2, meaning: "the model's configuration does not say its shape" },
  "results.not-found": { exit: 2, meaning: "there is no result at that path" },
  "results.invalid": { exit: 2, meaning: "the file is not a result of this program" },
  "results.schema-version": { exit: 2, meaning: "the result was written by a newer version" },
  "mine.source-missing": { exit: 2, meaning: "the Python sources of that engine version cannot be read" },
  "mine.source-corrupt": { exit: 2, meaning: "an engine's source file is not what its hash says" },
  "mine.target": { exit: 2, meaning: "a mining target's file is not understood" },
  "mine.gaps": { exit: 2, meaning: "the file holds no gaps that engines showed" },
  "mine.refresh": { exit: 1, meaning: "a step of renewing an engine's rules failed, and nothing was committed" },
  "mine.landmark-missing": { exit: 2, meaning: "the engine's source lacks a place that its mining relies on" },
  "io.disk-full": { exit: 1, meaning: "the disk is full" },
  "io.permission": { exit: 2, meaning: "permission denied" },
  "io.not-a-folder": { exit: 2, meaning: "a folder cannot be made at that path" },
  "io.exists": { exit: 2, meaning: "the file exists, and is never overwritten" },
  "io.failed": { exit: 1, meaning: "a file could not be read or written" },
  "run.interrupted": { exit: 130, meaning: "interrupted by the user" },
  "run.timeout": { exit: 1, meaning: "an experiment took longer than it may: `execution.timeout`" },
  "study.locked": { exit: 2, meaning: "another lem works on this study" },
  "study.changed": { exit: 2, meaning: "what the study would run is not what it was when it began" },
  "study.nothing-to-resume": { exit: 2, meaning: "there is no study that could be resumed" },
  "study.breaker": { exit: 1, meaning: "an engine failed so often in a row that it is not tried again" },
  "study.budget": { exit: 1, meaning: "the study's time was used up before this run" },
  "study.schedule": { exit: 2, meaning: "a schedule that is not understood, or that names no time to come" },
  "internal.bug": { exit: 1, meaning: "a defect of lem itself" },
} as const;

/** One code of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Where in the user's input the trouble lies; lines and columns count from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Dotted path of the field: `workload.output_tokens`. */
  readonly path?: string;
}

/** What a {@link LemError} says beyond its message. */
export interface LemErrorOptions {
  /** What to do about it. */
  readonly hint?: string;
  readonly place?: Place;
  /** Facts for programs and log files; never a secret. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class of lem: a stable code for programs, a message and a hint for people. */
export class LemError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly place: Place | undefined;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: LemErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LemError";
    this.code = code;
    this.hint = options.hint;
    this.place = options.place;
    this.context = options.context ?? {};
  }

  /** The exit code that the command line ends with. */
  get exitCode(): ExitCode {
    return ERROR_CODES[this.code].exit;
  }
}

/** True for a {@link LemError}, of one code if given. */
export const isLemError = (error: unknown, code?: ErrorCode): error is LemError =>
  error instanceof LemError && (code === undefined || error.code === code);

/** Marks a branch that cannot be reached; reaching it is a defect of lem. */
export function unreachable(value: never): never {
  throw new LemError("internal.bug", `unreachable case: ${String(value)}`);
}

const SYSTEM_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "io.disk-full",
  EDQUOT: "io.disk-full",
  EACCES: "io.permission",
  EPERM: "io.permission",
  EROFS: "io.permission",
};

const SYSTEM_HINTS: Partial<Record<ErrorCode, string>> = {
  "io.disk-full": "free some space, or choose another folder with --out or LEM_CACHE",
  "io.permission": "check the owner and mode of the folder, or choose another with --out or LEM_CACHE",
};

/** Turns a failed file operation into a {@link LemError}; one that already is passes through. */
export function fromSystemError(error: unknown, doing: string): LemError {
  if (error instanceof LemError) return error;
  const errno = (error as NodeJS.ErrnoException | null)?.code ?? "";
  const code = SYSTEM_CODES[errno] ?? "io.failed";
  const said = error instanceof Error ? error.message : String(error);
  const hint = SYSTEM_HINTS[code];
  return new LemError(code, `${doing}: ${said}`, {
    cause: error,
    context: { errno },
    ...(hint === undefined ? {} : { hint }),
  });
}
