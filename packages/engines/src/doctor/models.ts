import { LemError } from "@lem/domain";
import { hubAccess, isHubOffline } from "../models/hub/client.ts";
import { folderCheck } from "./folder.ts";
import { missingCheck, okCheck, warnCheck, type DoctorCheck, type DoctorOptions } from "./report.ts";

const GIB = 1024 ** 3;
const HUB_ANSWER_MS = 3000;

/** Where models are kept and come from. The hub is asked only on request. */
export async function modelChecks(options: DoctorOptions): Promise<readonly DoctorCheck[]> {
  const cache = folderCheck({
    id: "models.cache",
    title: "Model cache",
    folder: options.paths.models,
    enough_b: 5 * GIB,
    why: "a model of a few billion parameters does not fit",
    todo: "free some space, or name another folder with LEM_CACHE",
  });
  return Promise.all(options.probeHub === true ? [cache, hubCheck(options)] : [cache]);
}

async function hubCheck({ env }: DoctorOptions): Promise<DoctorCheck> {
  const [id, title] = ["models.hub", "Model hub"];
  if (isHubOffline(env))
    return warnCheck(id, title, {
      found: "switched off",
      why: "HF_HUB_OFFLINE is set: only models on this machine can be used",
      todo: "unset HF_HUB_OFFLINE",
    });
  const access = hubAccess({ env, timeoutMs: HUB_ANSWER_MS });
  try {
    const response = await access.fetch(`${access.endpoint}/api/models?limit=1`);
    await response.body?.cancel();
    return okCheck(id, title, `${access.endpoint} answers`);
  } catch (error) {
    if (!(error instanceof LemError)) throw error;
    return missingCheck(id, title, { found: "not reached", why: error.message, todo: error.hint ?? null });
  }
}
