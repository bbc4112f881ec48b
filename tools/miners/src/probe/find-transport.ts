import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { LemError } from "@lem/domain";
import { lemPaths } from "@lem/engines/paths";
import { borrowedEnvironment } from "./borrowed-environment.ts";
import { dockerTransport } from "./docker-transport.ts";
import type { EnginePlace } from "./engine-place.ts";
import { processTransport } from "./process-transport.ts";
import { probeSetup } from "./setup.ts";
import type { ProbeTransport } from "./transport.ts";

/** What a machine whose profile is only pretended has installed. */
const PRETENDING = "cpu";

/**
 * The way to run the probe: in a container where an image is named, else with an interpreter that is named or that
 * `lem engines install` made, of this version or of the one that engine_versions names for it.
 * @throws LemError `engine.not-installed`, `mine.source-missing`, `io.*`
 */
export function findTransport(place: EnginePlace): ProbeTransport {
  const { target, version, profile, python, image, env } = place;
  const setup = probeSetup(target, profile, image === undefined ? place.source : undefined);
  if (image !== undefined) return dockerTransport({ image, hostEnv: env, env: target.env, setup });
  const kept = join(dirname(lemPaths(env).sources), "probes", `${target.engine}-${version}`);
  const variables = { ...target.env, ...Object.fromEntries(target.keeps.map((name) => [name, kept])) };
  if (python !== undefined) return processTransport({ python, env: variables, setup });
  const borrowed = borrowedEnvironment(place);
  const variant = Object.hasOwn(target.profiles, profile) ? PRETENDING : profile;
  const installed = join(
    lemPaths(env).engines,
    `${target.engine}-${borrowed?.version ?? version}-${variant}`,
    "bin/python",
  );
  if (existsSync(installed)) {
    const process = processTransport({ python: installed, env: { ...variables, ...borrowed?.env }, setup });
    return borrowed === undefined ? process : { ...process, probedIn: borrowed.version };
  }
  throw new LemError("engine.not-installed", `${target.engine} ${version} is not installed`, {
    hint: `lem engines install ${target.engine}, or --python FILE, or --image NAME`,
  });
}
