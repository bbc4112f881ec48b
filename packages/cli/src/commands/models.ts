import { measured, parseEngineId } from "@lem/domain";
import { lemPaths, listModels, loadAdapter, pullModel, type CachedModel, type ModelList } from "@lem/engines";
import { formatReading, tableLines } from "@lem/report";
import type { JsonFlags, PullFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";
import { openProgress, progressMode } from "../progress/renderer.ts";

const size = (bytes: number): string => formatReading(measured({ value: bytes, unit: "B", source: "stat" }));

const cachedRow = (model: CachedModel): string[] => [
  model.name,
  model.format,
  size(model.size_b),
  model.synthetic ? `${model.source}, random weights` : model.source,
  model.status === "ready" ? "" : "damaged: fetched again at its next use",
];

function listText({ names, cached }: ModelList): string {
  const known = tableLines(
    ["name", "", "here"],
    names.map(({ name, title, cached: here }) => [name, title, here ? "yes" : `lem models pull ${name}`]),
  );
  const files = tableLines(["cached", "format", "size", "from", ""], cached.map(cachedRow));
  return [...known, ...(cached.length === 0 ? [] : ["", ...files])].join("\n");
}

/** `lem models list`: the aliases, and what the cache holds. */
export async function list(this: CliContext, flags: JsonFlags): Promise<void> {
  const { env, stdout } = this.io;
  const models = await listModels({ modelsDir: lemPaths(env).models });
  stdout.write(`${flags.json ? JSON.stringify(models) : listText(models)}\n`);
}

/** `lem models pull`: fetches a model in the format that an engine wants, before a run. */
export async function pull(this: CliContext, flags: PullFlags, model: string): Promise<void> {
  const { env, stdout, cwd, interrupted } = this.io;
  const { formats } = await loadAdapter(parseEngineId(flags.engine ?? "llama-cpp"));
  const progress = openProgress(this.io, progressMode(this.io, { quiet: false, json: flags.json, verbose: false }));
  const where = { modelsDir: lemPaths(env).models, env, cwd, signal: interrupted, emit: progress.emit };
  const artifact = await pullModel({ model, formats, ...where }).finally(() => progress.close());
  const line = `${artifact.name} (${artifact.format}) is ready: ${artifact.path}`;
  stdout.write(`${flags.json ? JSON.stringify(artifact) : line}\n`);
}
