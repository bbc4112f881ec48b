import { open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fromSystemError } from "@lem/domain";
import { withLock } from "../../install/lock.ts";
import { makeFolder } from "../../make-folder.ts";
import { readStored, sealModel, type ModelFacts, type StoredModel } from "./record.ts";

/** What to do when a model is not in the cache yet. */
export interface StoreJob {
  /** Where the model belongs. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Makes the model's files in an empty folder and says what they are. */
  readonly produce: (temporary: string) => Promise<ModelFacts>;
}

/**
 * Returns a stored model, making it if it is absent or damaged. Of several processes one makes it while the others
 * wait; the folder appears at once and whole, and a failure leaves nothing.
 * @throws LemError `io.*`, `run.interrupted`, and what `produce` throws
 */
export async function storeModel(job: StoreJob): Promise<StoredModel> {
  const present = await readStored(job.folder);
  if (present.status === "ready") return present.model;
  return lockModel(job.folder, job.signal, async () => {
    const meanwhile = await readStored(job.folder);
    return meanwhile.status === "ready" ? meanwhile.model : make(job);
  });
}

/** Does `work` while no other process works on the same model. @throws LemError `io.*`, `run.interrupted` */
export function lockModel<T>(folder: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  return withLock(`${folder}.lock`, signal === undefined ? {} : { signal }, work);
}

async function make({ folder, produce }: StoreJob): Promise<StoredModel> {
  const temporary = `${folder}.tmp`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await makeFolder(temporary);
    const { record } = await sealModel(temporary, await produce(temporary));
    await syncAll(temporary);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    await syncPath(dirname(folder));
    return { folder, record };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw fromSystemError(error, `storing a model in ${folder}`);
  }
}

async function syncAll(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await syncPath(join(folder, name));
  await syncPath(folder);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
