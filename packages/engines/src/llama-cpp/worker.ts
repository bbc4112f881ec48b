import { availableParallelism } from "node:os";
import { LemError, type JsonObject } from "@lem/domain";
import type { Llama } from "node-llama-cpp";
import { PROTOCOL_VERSION, type Replies, type Requests, type Sections } from "../worker/protocol.ts";
import { serve, type EmitEvent } from "../worker/serve.ts";
import { monotonicNs } from "../worker/token-stream.ts";
import { findBinding } from "./binding.ts";
import { EngineLog } from "./engine-log.ts";
import { findBinariesIn } from "./gpu-binaries.ts";
import type { Loaded } from "./effective.ts";
import type { LoadedModel } from "./load.ts";

/*
 * The worker of llama.cpp: a program of its own. The engine is imported when it is asked to do something, so that a
 * greeting is quick, and one instance of llama.cpp serves all loads of the process. Its arguments are folders with binaries for GPUs.
 */

interface Ready extends LoadedModel {
  /** What it was loaded with. */
  readonly request: Requests["load"];
  readonly sampling: JsonObject;
}

const CONFIGURES = ["sampling"];

const log = new EngineLog();
const folders = process.argv.slice(2);
const binding = findBinding({ folders });
let started: { readonly llama: Llama; readonly options: string } | undefined;
findBinariesIn(folders);
let ready: Ready | undefined;

function hello(): Replies["hello"] {
  const { version = "", llamaCpp = null } = binding ?? {};
  return {
    protocol: PROTOCOL_VERSION,
    engine: "llama-cpp",
    engine_version: version,
    pid: process.pid,
    packages: {
      "node-llama-cpp": version,
      ...(llamaCpp !== null && { "llama.cpp": llamaCpp }),
      node: process.versions.node,
    },
    processors: availableParallelism(),
    configures: CONFIGURES,
  };
}

async function describe(): Promise<Replies["describe"]> {
  const { readBindingOptions } = await import("./describe.ts");
  const { defaultSampling } = await import("./sampling.ts");
  const { schemas, defaults, leftOut, descriptions } = readBindingOptions(binding?.folder ?? "");
  const sampling = { ...defaults["sampling"], ...defaultSampling() };
  return {
    engine: "llama-cpp",
    engine_version: binding?.version ?? "",
    sections: schemas,
    defaults: { ...defaults, sampling },
    left_out: leftOut,
    descriptions,
  };
}

async function load(request: Requests["load"], emit: EmitEvent): Promise<Replies["load"]> {
  await unload();
  const ignored = await ignoredKeys(request.sections);
  tellIgnored(ignored, emit);
  const began = monotonicNs();
  emit({ event: "progress", share: null, what: "llama.cpp" });
  const { loadModel } = await import("./load.ts");
  const llama = await llamaWith(request.sections["llama"] ?? {});
  const loaded = await loadModel(request, { llama, log, emit });
  const load_ns = monotonicNs() - began;
  const { loadFacts } = await import("./load-facts.ts");
  return { ...(await loadFacts({ ...(await readied(loaded, request)), ignored })), load_ns };
}

/** Other sampling from now on; model and context stay as they are. */
async function configure({ sections }: Requests["configure"], emit: EmitEvent): Promise<Replies["configure"]> {
  const { model, context, request } = loadedModel();
  const kept = Object.entries(request.sections).filter(([name]) => !CONFIGURES.includes(name));
  const all = { ...Object.fromEntries(kept), ...sections };
  const ignored = await ignoredKeys(all);
  tellIgnored(await ignoredKeys(sections), emit);
  const { effectiveSections } = await import("./effective.ts");
  const given = await readied({ model, context }, { ...request, sections: all });
  return { effective: effectiveSections({ ...given, ignored }) };
}

/** Makes what is loaded ready for runs, with the sections of a request. @returns what is handed to the binding */
async function readied(loaded: LoadedModel, request: Requests["load"]): Promise<Omit<Loaded, "ignored">> {
  const { samplingOptions } = await import("./sampling.ts");
  const sampling = samplingOptions(request.sections["sampling"] ?? {}, request.seed);
  ready = { ...loaded, request, sampling };
  return { ...loaded, sections: { ...request.sections, sampling } };
}

function tellIgnored(ignored: ReadonlySet<string>, emit: EmitEvent): void {
  for (const key of ignored)
    emit({ event: "warning", message: `node-llama-cpp ${binding?.version} has no option ${key}, and ignores it` });
}

/** The one instance of llama.cpp; another takes its place when other options are asked for. */
async function llamaWith(options: JsonObject): Promise<Llama> {
  const key = JSON.stringify(options);
  if (started?.options === key) return started.llama;
  await end();
  const { startLlama } = await import("./start.ts");
  const llama = await log.during(() => startLlama({ llama: options, variants: binding?.variants ?? [], log }));
  started = { llama, options: key };
  return llama;
}

async function end(): Promise<void> {
  await started?.llama.dispose();
  started = undefined;
}

/** Keys of the user that the binding does not know, as `section.key`. The schema is read only where keys were set. */
async function ignoredKeys(sections: Sections): Promise<ReadonlySet<string>> {
  const set = Object.entries(sections).flatMap(([section, keys]) => Object.keys(keys).map((key) => ({ section, key })));
  if (set.length === 0) return new Set();
  const { readBindingOptions } = await import("./describe.ts");
  const { schemas } = readBindingOptions(binding?.folder ?? "");
  const unknown = set.filter(({ section, key }) => !(key in (schemas[section]?.properties ?? {})));
  return new Set(unknown.map(({ section, key }) => `${section}.${key}`));
}

async function tokenize(request: Requests["tokenize"]): Promise<Replies["tokenize"]> {
  const { tokenizeTexts } = await import("./tokenize.ts");
  return { ids: tokenizeTexts(loadedModel().model, request) };
}

async function run(request: Requests["run"], emit: EmitEvent): Promise<Replies["run"]> {
  const { runGroups } = await import("./run.ts");
  return log.during(() => runGroups(request, { ...loadedModel(), emit }));
}

async function unload(): Promise<object> {
  const loaded = ready;
  ready = undefined;
  await loaded?.context.dispose();
  await loaded?.model.dispose();
  return {};
}

async function bye(): Promise<object> {
  await unload();
  await end();
  return {};
}

function loadedModel(): Ready {
  if (ready === undefined) throw new LemError("worker.protocol", "no model is loaded");
  return ready;
}

serve({ hello, describe, load, configure, tokenize, run, unload, bye });
