import type { ResolvedExperiment } from "@lem/config";
import { LemError, type Emit } from "@lem/domain";
import { lemPaths, loadAdapter, resolveModel, type EngineAdapter, type Env, type ModelArtifact } from "@lem/engines";
import { cudaVariables } from "@lem/engines/host";
import { foreseeBy, prepareWork, selectSampler, type Foresee, type SamplerChoice } from "@lem/harness";
import { Preparations, type PreparedEngine, type ReadyEngine } from "./executor/preparations.ts";

/** All that an experiment needs before anything is started or written. */
export interface PreparedExperiment {
  readonly experiment: ResolvedExperiment;
  readonly adapter: EngineAdapter;
  readonly engine: ReadyEngine;
  readonly model: ModelArtifact;
  readonly sampler: SamplerChoice;
  /** What the engine's rules say of a section: whatever else the engine does with it is a gap of the rules. */
  readonly foresee: Foresee;
}

/** What preparation works with. */
export interface PrepareOptions {
  readonly env: Env;
  readonly cwd: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** What earlier experiments of the same study found. */
  readonly known?: Preparations;
}

/**
 * Finds the engine, makes the model's files ready, reads the prompts and opens the trace: everything that can refuse
 * an experiment before a process is started or a file is written below the results folder.
 * @throws LemError `engine.not-installed`, `engine.unsupported`, `model.*`, `workload.*`, `energy.trace`
 */
export async function prepareExperiment(
  experiment: ResolvedExperiment,
  options: PrepareOptions,
): Promise<PreparedExperiment> {
  const { env, cwd, known = new Preparations() } = options;
  const { adapter, engine, foresee } = await known.engine(experiment.engine, () => preparedEngine(experiment, env));
  const sampler = await selectSampler(experiment.measurement.energy, {
    cwd,
    cuda: cudaVariables(env),
  });
  const { model: name, workload } = experiment;
  const key = JSON.stringify([adapter.id, name, workload.seed]);
  const model = await known.model(key, () => preparedModel(experiment, { adapter, engine }, options));
  await prepareWork({ experiment, model, cwd });
  return { experiment, adapter, engine, model, sampler, foresee };
}

async function preparedEngine({ engine: id }: ResolvedExperiment, env: Env): Promise<PreparedEngine> {
  const adapter = await loadAdapter(id);
  const engine = await readyEngine(adapter, { enginesDir: lemPaths(env).engines, env });
  return { adapter, engine, foresee: await foreseeBy(id, { version: engine.version }) };
}

function preparedModel(
  { model, workload }: ResolvedExperiment,
  { adapter, engine }: Pick<PreparedEngine, "adapter" | "engine">,
  { env, cwd, emit, signal }: PrepareOptions,
): Promise<ModelArtifact> {
  const request = { model, formats: adapter.formats, modelsDir: lemPaths(env).models, seed: workload.seed };
  const converter = engine.converter === undefined ? {} : { converter: engine.converter };
  return resolveModel({ ...request, ...converter, env, cwd, emit, signal });
}

async function readyEngine(
  adapter: EngineAdapter,
  where: { readonly enginesDir: string; readonly env: Env },
): Promise<ReadyEngine> {
  const found = await adapter.locate(where);
  if (found.status === "installed") return found;
  throw new LemError("engine.not-installed", `${adapter.id} cannot run here: ${found.reason}`, { hint: found.hint });
}
