import { findPip, lemPaths, listModels, loadAdapter, resolveModel, type ModelListing } from "@lem/engines";
import { parseEngineId } from "@lem/domain";
import { formatReading, tableLines } from "@lem/report";
import { measured } from "@lem/domain";
import type { JsonFlags } from "../application.ts";
import type { CliContext } from "../context.ts";
import { openProgress, progressMode } from "../progress/renderer.ts";

const size = (bytes: number): string => formatReading(measured({ value: bytes, unit: "B", source: "stat" }));

/** `lem models list`: the aliases, and what the cache holds. */
export async function list(this: CliContext, flags: JsonFlags): Promise<void> {
  const { env, stdout } = this.io;
  const models = await listModels({ modelsDir: lemPaths(env).models });
  if (flags.json) return void stdout.write(`${JSON.stringify(models)}\n`);
  const row = (model: ModelListing): string[] => [
    model.name,
    model.cached ? size(model.bytes ?? 0) : "not cached",
    model.source,
  ];
  stdout.write(`${tableLines(["model", "size", "source"], models.map(row)).join("\n")}\n`);
}

/** `lem models pull`: fetches a model in the format that an engine wants, before a run. */
export async function pull(
  this: CliContext,
  flags: JsonFlags & { readonly engine?: string },
  model: string,
): Promise<void> {
  const { env, stdout, cwd, interrupted } = this.io;
  const adapter = await loadAdapter(parseEngineId(flags.engine ?? "llama-cpp"));
  const progress = openProgress(this.io, progressMode(this.io, { quiet: false, json: flags.json, verbose: false }));
  const options = { model, formats: adapter.formats, modelsDir: lemPaths(env).models, env, cwd, signal: interrupted };
  const artifact = await resolveModel({ ...options, emit: progress.emit, pip: await findPip(env) }).finally(() =>
    progress.close(),
  );
  stdout.write(
    flags.json ? `${JSON.stringify(artifact)}\n` : `${artifact.name} (${artifact.format}) is ready: ${artifact.path}\n`,
  );
}
