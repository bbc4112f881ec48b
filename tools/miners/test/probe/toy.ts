import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openProbe, type EngineProbe, type ProbeOptions } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import type { ProbeTransport } from "../../src/probe/transport.ts";
import type { ProbeAnswer, ProbeRequest, ProbeStage } from "../../src/probe/protocol.ts";

/** The folder that holds the engine of these tests. */
export const ENGINE_FOLDER: string = join(import.meta.dirname, "engine");
export const hasPython: boolean = spawnSync("python3", ["--version"]).status === 0;

/** Runs the probe on this folder's engine with some Python. */
export const toyTransport = (python = "python3", env: Readonly<Record<string, string>> = {}): ProbeTransport =>
  processTransport({
    python: spawnSync(python, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim(),
    env: { PYTHONPATH: ENGINE_FOLDER, ...env },
  });

/** A probe of this folder's engine; closed after the test. */
export async function openToy(options: Partial<ProbeOptions> = {}): Promise<EngineProbe> {
  const probe = await openProbe({ transport: toyTransport(), package: "toy", files: {}, landmarks: [], ...options });
  onTestFinished(() => probe.close());
  return probe;
}

/** A request without calls. */
export const construct = (entry: string, keywords: ProbeRequest["keywords"] = {}, id = 0): ProbeRequest => ({
  id,
  entry,
  keywords,
  calls: [],
});

/** The stages of a probe that came to an end. */
export function stagesOf(answer: ProbeAnswer | undefined): readonly ProbeStage[] {
  return answer?.kind === "done" ? answer.stages : [];
}
