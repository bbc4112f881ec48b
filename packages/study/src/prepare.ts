import type { ResolvedExperiment } from "@lem/config";
import { LemError, type Emit } from "@lem/domain";
import {
  lemPaths,
  loadAdapter,
  resolveModel,
  type EngineAdapter,
  type EngineInstallation,
  type Env,
  type ModelArtifact,
} from "@lem/engines";
import { cudaVariables } from "@lem/engines/host";
import { foreseeBy, prepareWork, selectSampler, type Foresee, type SamplerChoice } from "@lem/harness";

/** An engine that is ready on this machine. */
export type ReadyEngine = Extract<EngineInstallation, { status: "installed" }>;

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
  const paths = lemPaths(options.env);
  const adapter = await loadAdapter(experiment.engine);
  const engine = await readyEngine(adapter, { enginesDir: paths.engines, env: options.env });
  const sampler = await selectSampler(experiment.measurement.energy, {
    cwd: options.cwd,
    cuda: cudaVariables(options.env),
  });
  const foresee = await foreseeBy(experiment.engine, { version: engine.version });
  const { env, cwd, emit, signal } = options;
  const { model: name, workload } = experiment;
  const request = { model: name, formats: adapter.formats, modelsDir: paths.models, seed: workload.seed };
  const converter = engine.converter === undefined ? {} : { converter: engine.converter };
  const model = await resolveModel({ ...request, ...converter, env, cwd, emit, signal });
  await prepareWork({ experiment, model, cwd });
  return { experiment, adapter, engine, model, sampler, foresee };
}

async function readyEngine(
  adapter: EngineAdapter,
  where: { readonly enginesDir: string; readonly env: Env },
): Promise<ReadyEngine> {
  const found = await adapter.locate(where);
  if (found.status === "installed") return found;
  throw new LemError("engine.not-installed", `${adapter.id} cannot run here: ${found.reason}`, { hint: found.hint });
}
