import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve as resolvePath } from "node:path";
import type { EngineId, ErrorCode } from "@lem/domain";
import { findCorpus, loadParameterSchema } from "./corpora.ts";
import {
  parseChain,
  readChain,
  type Chain,
  type ChainOptions,
  type FileAccess,
  type SourceFile,
} from "./layers/extends.ts";
import { parseFlags, type Flags } from "./layers/flags.ts";
import { normalise } from "./layers/normalise.ts";
import { overlayAll } from "./layers/overlay.ts";
import { hasErrors, problemAt, sortProblems, type Problem } from "./problem.ts";
import { resolve, type Layers, type LoadedExperiment, type ResolveOptions } from "./resolve.ts";
import { nearest } from "./suggest.ts";
import type { LoadedStudy } from "./sweep/study.ts";
import { absoluteFrom, displayFrom, isOutside } from "./written-path.ts";
import type { MapNode, Mark } from "./yaml/located.ts";
import { binaryProblem } from "./yaml/parse.ts";

/** Where a configuration comes from. */
export interface CheckOptions {
  /** Relative paths count from here, and what lies below belongs to the project. */
  readonly cwd: string;
  readonly flags?: Flags;
  /** The user's defaults; taken as empty when the file does not exist. */
  readonly userFile?: string;
  /** Folder of the parameter schemas; the package `@lem/corpora` unless told. */
  readonly corporaRoot?: string | undefined;
  /** Version of the engine whose parameter schema checks the native sections; the newest known unless told. */
  readonly engineVersion?: string;
  /** The machine that the engine's rules are asked about: `cpu` unless told. */
  readonly profile?: string | undefined;
}

/** As {@link CheckOptions}, with the file to load; without one, flags and defaults make the experiment. */
export interface LoadOptions extends CheckOptions {
  readonly file?: string;
}

/**
 * Loads a configuration file with everything it extends, checks and resolves it. All problems are collected. Of a study it
 * resolves what is fixed; {@link loadStudy} reads its sweep.
 * @throws LemError `config.corpus-missing` when lem's own data is damaged
 */
export async function loadExperiment(options: LoadOptions): Promise<LoadedExperiment> {
  const { file } = options;
  if (file === undefined) return await complete(NO_FILE, undefined, options);
  const source = sourceOf(file, options.cwd);
  return await complete(readChain(source, chainOptions(source, options.cwd, "file")), file, options);
}

/** The same for a text at hand; `file` is its name in problems and the place its relative paths count from. */
export async function checkText(text: string, options: LoadOptions): Promise<LoadedExperiment> {
  const source = options.file === undefined ? null : sourceOf(options.file, options.cwd);
  return await complete(parseChain(text, source, chainOptions(source, options.cwd, "file")), options.file, options);
}

/** True when a path, symbolic links followed, lies outside a folder. */
export function leavesFolder(folder: string, path: string): boolean {
  return isOutside(relative(realPath(folder), realPath(path)));
}

/** The project that a file belongs to: the working directory if the file lies below it, else the file's folder. */
export function projectOf(file: string | undefined, cwd: string): string {
  if (file === undefined) return cwd;
  const absolute = resolvePath(cwd, file);
  return leavesFolder(cwd, absolute) ? dirname(realPath(absolute)) : cwd;
}

/** A study, or a single experiment as one; `versions` names the engines' versions where they are known. */
export interface StudyOptions extends LoadOptions {
  readonly versions?: Readonly<Partial<Record<EngineId, string>>>;
}

/**
 * Loads a file as a study: everything that its sweep declares, to be walked through. A file without a sweep is a study of
 * one experiment. All problems are collected.
 * @throws LemError `config.corpus-missing` when lem's own data is damaged
 */
export async function loadStudy(options: StudyOptions): Promise<LoadedStudy> {
  const { file, cwd } = options;
  const source = file === undefined ? undefined : sourceOf(file, cwd);
  const chain = source === undefined ? NO_FILE : readChain(source, chainOptions(source, cwd, "file"));
  const { layers, found, isMissing } = layersOf(chain, file, options);
  if (isMissing) return { study: undefined, problems: sortProblems(found, file), corpora: {} };
  const { readStudy } = await import("./sweep/read-study.ts");
  const loaded = await readStudy(layers, {
    mainFile: file,
    resolvingFor: remembering((engine) => {
      const version = options.versions?.[engine] ?? options.engineVersion;
      return resolving(file, version === undefined ? options : { ...options, engineVersion: version });
    }),
    readFile: (written, { mark }) => readBeside(written, mark, projectOf(file, cwd), cwd),
  });
  const problems = sortProblems([...found, ...loaded.problems], file);
  return { ...loaded, study: hasErrors(problems) ? undefined : loaded.study, problems };
}

/** Options of each engine, made once; what they look up is looked up once, as a study asks for it with every point. */
function remembering(make: (engine: EngineId) => ResolveOptions): (engine: EngineId) => ResolveOptions {
  const known = new Map<EngineId, ResolveOptions>();
  return (engine) => {
    const options = known.get(engine) ?? withMemory(make(engine));
    known.set(engine, options);
    return options;
  };
}

function withMemory(options: ResolveOptions): ResolveOptions {
  const schemas = new Map<EngineId, ReturnType<ResolveOptions["schemaFor"]>>();
  const rules = new Map<EngineId, ReturnType<ResolveOptions["rulesFor"]>>();
  const once =
    <T>(known: Map<EngineId, T>, look: (engine: EngineId) => T) =>
    (engine: EngineId): T => {
      const found = known.get(engine) ?? look(engine);
      known.set(engine, found);
      return found;
    };
  return { ...options, schemaFor: once(schemas, options.schemaFor), rulesFor: once(rules, options.rulesFor) };
}

/** The merged keys of a file that a study names as one of its experiments. */
function readBeside(
  written: string,
  mark: Mark,
  project: string,
  cwd: string,
): { readonly map: MapNode } | { readonly problems: readonly Problem[] } {
  const absolute = absoluteFrom(mark.file, written, cwd);
  if (leavesFolder(project, absolute)) {
    const message = `${written} lies outside the project`;
    const hint = "copy the file into the project";
    return {
      problems: [problemAt(mark, { code: "config.path-outside", path: ["sweep", "experiments"], message, hint })],
    };
  }
  const source = { real: realPath(absolute), display: displayFrom(mark.file, written) };
  const { own, base, problems } = readChain(source, chainOptions(source, cwd, "file"));
  return hasErrors(problems) || own === undefined ? { problems } : { map: overlayAll([own, base]) };
}

const NO_FILE: Chain = { own: undefined, base: undefined, problems: [] };

interface ReadLayers {
  readonly layers: Layers;
  readonly found: readonly Problem[];
  /** True where there is nothing to check, as the file cannot be read. */
  readonly isMissing: boolean;
}

function layersOf(chain: Chain, file: string | undefined, options: CheckOptions): ReadLayers {
  const flags = parseFlags(options.flags ?? {});
  const named = normalise(flags.map);
  const user = readUserFile(options.userFile, options.cwd);
  return {
    layers: { flags: named.map, file: chain.own, base: chain.base, userFile: user.own },
    found: [...chain.problems, ...flags.problems, ...named.problems, ...user.problems],
    isMissing: file !== undefined && chain.own === undefined,
  };
}

function resolving(file: string | undefined, options: CheckOptions): ResolveOptions {
  const { cwd, engineVersion, corporaRoot } = options;
  const project = projectOf(file, cwd);
  return {
    cwd,
    mainFile: file,
    engineVersion,
    schemaFor: (engine) => loadParameterSchema(engine, { version: engineVersion, root: corporaRoot }),
    rulesFor: (engine) => findCorpus(engine, { version: engineVersion, root: corporaRoot }),
    profile: options.profile,
    leavesProject: (path) => leavesFolder(project, path),
    exists: existsSync,
  };
}

async function complete(chain: Chain, file: string | undefined, options: CheckOptions): Promise<LoadedExperiment> {
  const { layers, found, isMissing } = layersOf(chain, file, options);
  if (isMissing)
    return { engine: undefined, corpus: undefined, resolution: undefined, problems: sortProblems(found, file) };
  const { resolution, problems, ...checked } = await resolve(layers, resolving(file, options));
  const all = sortProblems([...found, ...problems], file);
  return { ...checked, resolution: hasErrors(all) ? undefined : resolution, problems: all };
}

const sourceOf = (file: string, cwd: string): SourceFile => ({ real: realPath(resolvePath(cwd, file)), display: file });

function chainOptions(source: SourceFile | null, cwd: string, own: "file" | "user-file"): ChainOptions {
  const project = projectOf(source?.display, cwd);
  const access: FileAccess = { read: readText, real: realPath, leavesProject: (path) => leavesFolder(project, path) };
  return { access, cwd, origins: { own, base: own === "file" ? "base" : own } };
}

function readUserFile(
  file: string | undefined,
  cwd: string,
): { readonly own: MapNode | undefined; readonly problems: readonly Problem[] } {
  if (file === undefined || !existsSync(resolvePath(cwd, file))) return { own: undefined, problems: [] };
  const source = sourceOf(file, cwd);
  const { own, base, problems } = readChain(source, chainOptions(source, cwd, "user-file"));
  return { own: overlayAll([own, base]), problems };
}

/** The path without symbolic links, as far as it exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path || existsSync(path) ? path : join(realPath(above), basename(path));
  }
}

/** No configuration is larger; a larger file is another kind of file. */
const LARGEST_FILE_B = 8 * 1024 * 1024;

function readText(file: SourceFile, asked: Mark): { readonly text: string } | { readonly problem: Problem } {
  const refuse = (code: ErrorCode, message: string, hint?: string): { readonly problem: Problem } => ({
    problem: problemAt(asked, { code, path: asked.line === null ? [] : ["extends"], message, hint }),
  });
  try {
    const found = statSync(file.real);
    if (found.isDirectory())
      return refuse("config.not-a-file", `${file.display} is a folder`, "name the YAML file in it");
    if (!found.isFile() && !found.isFIFO()) return refuse("config.not-a-file", `${file.display} is no regular file`);
    if (found.size > LARGEST_FILE_B)
      return refuse("config.file-unreadable", `${file.display} is larger than 8 MiB`, "is it a configuration?");
    return decode(readFileSync(file.real), file.display);
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code ?? "";
    if (errno === "ENOENT" || errno === "ENOTDIR")
      return refuse("config.file-not-found", `${file.display} does not exist`, similarFile(file));
    return refuse(
      "config.file-unreadable",
      `${file.display} cannot be read (${errno})`,
      errno === "EACCES" ? "check the owner and mode of the file" : undefined,
    );
  }
}

function decode(bytes: Buffer, display: string): { readonly text: string } | { readonly problem: Problem } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const lenient = new TextDecoder("utf-8").decode(bytes);
    return { problem: binaryProblem(display, lenient.slice(0, lenient.indexOf("\uFFFD"))) };
  }
}

/** A file of nearly that name in the same folder. */
function similarFile({ real, display }: SourceFile): string | undefined {
  const near = nearest(basename(real), filesIn(dirname(real)));
  return near === undefined ? undefined : `did you mean ${join(dirname(display), near)}?`;
}

/** What lies in a folder; nothing when it cannot be listed, as the list only serves a hint. */
function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
