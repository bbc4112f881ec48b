import { fact, missingFact, type EngineId, type EnvironmentSnapshot, type Fact } from "@lem/domain";
import {
  clockFacts,
  containerFacts,
  cpuFacts,
  gpuFacts,
  memoryFacts,
  osFacts,
  repositoryFacts,
  type HostFacts,
} from "@lem/engines/host";

/** What a snapshot cannot find out by itself. */
export interface SnapshotSubject {
  readonly engine: {
    readonly id: EngineId;
    readonly version: string;
    /** Versions of the packages that decide the figures, as the worker reported them; empty when none started. */
    readonly packages: Readonly<Record<string, string>>;
  };
  readonly lemVersion: string;
  /** The user's project: its git commit is recorded. */
  readonly repositoryDir: string;
  /** Where the machine's files are; `/` unless a recorded tree is read. */
  readonly root?: string;
}

/**
 * Records the environment of a run (MEAS-01): reads files and NVML side by side, starts no process, and takes some
 * tens of milliseconds. A fact that is not there is unavailable with its reason. Holds no host name, user name,
 * environment variable or token.
 */
export async function takeEnvironmentSnapshot(subject: SnapshotSubject): Promise<EnvironmentSnapshot> {
  const host = { root: subject.root ?? "/" };
  const taken_at = new Date().toISOString();
  const [cpu, memory, os, container, gpu, repository, clock] = await Promise.all([
    cpuFacts(host),
    memoryFacts(host),
    osFacts(host),
    containerFacts(host),
    gpuFacts(host),
    repositoryFacts(subject.repositoryDir),
    clockFacts(host),
  ]);
  return { taken_at, facts: { cpu, memory, os, container, gpu, software: softwareFacts(subject), repository, clock } };
}

function softwareFacts({ engine, lemVersion }: SnapshotSubject): HostFacts {
  const packages = Object.entries(engine.packages).map(
    ([name, version]) => [`package_${snakeCase(name)}`, fact(version, "the engine's worker")] as const,
  );
  return {
    lem_version: fact(lemVersion, "lem"),
    node_version: fact(process.versions.node, "process.versions"),
    v8_version: fact(process.versions.v8, "process.versions"),
    engine: fact(engine.id, "the resolved configuration"),
    engine_version: fact(engine.version, "the installed engine"),
    torch_version: torchFact(engine),
    ...Object.fromEntries(packages),
  };
}

function torchFact({ id, packages }: SnapshotSubject["engine"]): Fact {
  const version = packages["torch"];
  if (version !== undefined) return fact(version, "the engine's worker");
  return id === "llama-cpp"
    ? missingFact("not-applicable", "llama-cpp does not use PyTorch")
    : missingFact("not-reported-by-engine", `the worker of ${id} did not report its PyTorch`);
}

const snakeCase = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
