import { request } from "node:http";
import { join } from "node:path";
import { LemError, isLemError } from "@lem/domain";
import type { EngineAdapter, EngineInstallation } from "../adapter.ts";
import type { HostOptions } from "../host/files.ts";
import { findPython } from "../install/python.ts";
import type { Env } from "../paths.ts";
import { missingCheck, okCheck, warnCheck, type DoctorCheck, type DoctorOptions } from "./report.ts";

/** An engine and what was found of it. */
export interface LocatedEngine {
  readonly adapter: EngineAdapter;
  readonly installation: EngineInstallation;
}

/** Looks for every engine; one whose adapter fails counts as missing, with the failure as its reason. */
export const locateAll = ({ adapters, paths, env }: DoctorOptions): Promise<readonly LocatedEngine[]> =>
  Promise.all(
    adapters.map(async (adapter) => {
      const installation = await adapter.locate({ enginesDir: paths.engines, env }).catch(asMissing);
      return { adapter, installation };
    }),
  );

function asMissing(error: unknown): EngineInstallation {
  const hint = error instanceof LemError ? (error.hint ?? "") : "";
  return { status: "missing", reason: error instanceof Error ? error.message : String(error), hint };
}

/** The engines, and what installing and running them takes: Python, and Docker for runs in containers. */
export async function engineChecks(
  located: readonly LocatedEngine[],
  { env }: DoctorOptions,
  host: HostOptions,
): Promise<readonly DoctorCheck[]> {
  const [python, docker] = await Promise.all([pythonCheck(env), dockerCheck(env, host)]);
  return [...located.map(engineCheck), python, docker];
}

function engineCheck({ adapter, installation }: LocatedEngine): DoctorCheck {
  const [id, title] = [`engines.${adapter.id}`, adapter.title];
  if (installation.status === "installed")
    return okCheck(id, title, `${installation.version} ${installation.variant}, ${installation.where}`);
  const { reason, hint } = installation;
  return missingCheck(id, title, { found: "not installed", why: reason, todo: hint === "" ? null : hint });
}

async function pythonCheck(env: Env): Promise<DoctorCheck> {
  const [id, title] = ["engines.python", "Python for engines"];
  try {
    const { file, version, ensurepip } = await findPython({ env });
    return okCheck(id, title, `${version}, ${file}, venv${ensurepip ? " and ensurepip" : " through its own pip"}`);
  } catch (error) {
    if (!isLemError(error, "engine.python-missing")) throw error;
    const why = `${error.message}; llama-cpp needs none`;
    return missingCheck(id, title, { found: "none that can make virtual environments", why, todo: error.hint ?? null });
  }
}

const DOCKER_ANSWER_MS = 1000;

async function dockerCheck(env: Env, host: HostOptions): Promise<DoctorCheck> {
  const [id, title] = ["engines.docker", "Docker"];
  const address = env["DOCKER_HOST"];
  if (address !== undefined && address !== "" && !address.startsWith("unix://"))
    return warnCheck(id, title, {
      found: "DOCKER_HOST names another machine",
      why: "lem measures the machine that it runs on",
      todo: "unset DOCKER_HOST",
    });
  const socket = address ? address.slice("unix://".length) : join(host.root, "/var/run/docker.sock");
  const answer = await pingDocker(socket);
  if (answer.ok) return okCheck(id, title, `daemon with API ${answer.text}`);
  const todo = answer.text === "EACCES" ? "add this user to the group docker" : "install and start Docker";
  const why = `${answer.text} at ${socket}; only runs in containers need it`;
  return missingCheck(id, title, { found: "no daemon answers", why, todo });
}

interface Ping {
  readonly ok: boolean;
  /** The API's version, or what went wrong. */
  readonly text: string;
}

function pingDocker(socketPath: string): Promise<Ping> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/_ping", timeout: DOCKER_ANSWER_MS }, (response) => {
      const version = response.headers["api-version"];
      response.resume();
      resolve({
        ok: response.statusCode === 200,
        text: typeof version === "string" ? version : `HTTP ${response.statusCode ?? "?"}`,
      });
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", (error: NodeJS.ErrnoException) => resolve({ ok: false, text: error.code ?? "no answer" }));
    asked.end();
  });
}
