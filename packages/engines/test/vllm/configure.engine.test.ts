import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sections } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { loadBody, runGroups, temporaryFolder } from "../fixtures/real-engine.ts";
import { folderOf, GREEDY, openEngine } from "./fixtures/engine.ts";

const WARM: Sections = { sampling: { temperature: 1.5, top_k: 20, seed: 5 } };
const TOKENS = [5, 6, 7, 8, 9];

async function idsOf(session: WorkerSession): Promise<readonly number[] | undefined> {
  const { answers } = await runGroups(session, [[{ r: 0, tokens: TOKENS, output_tokens: 16 }]], { seed: 3 });
  return answers[0]?.ids;
}

describe("requests of another kind on a loaded engine", { timeout: 900_000 }, () => {
  const [folder, remove] = temporaryFolder();
  let session: WorkerSession;

  beforeAll(async () => {
    session = await openEngine(folder);
    await session.request("load", loadBody(await folderOf("builtin:tiny"), GREEDY));
  }, 900_000);

  afterAll(async () => {
    await session?.close();
    remove();
  }, 120_000);

  it("are sampled as they say, and leave nothing behind", async () => {
    const greedy = await idsOf(session);
    const { effective } = await session.request("configure", { sections: WARM });
    expect(effective["sampling"]).toMatchObject({ temperature: 1.5, top_k: 20, seed: 5 });
    expect(effective["engine"]).toMatchObject({ dtype: "float32", enforce_eager: true });
    const warm = await idsOf(session);
    expect(warm).not.toEqual(greedy);
    const { sampling = {} } = GREEDY;
    const again = await session.request("configure", { sections: { sampling } });
    expect(again.effective["sampling"]).toMatchObject({ temperature: 0 });
    expect(await idsOf(session)).toEqual(greedy);
    await session.request("configure", { sections: WARM });
    expect(await idsOf(session)).toEqual(warm);
  });

  it("whose keys are refused are refused as at a load, and the next ones are taken", async () => {
    const refused = session.request("configure", { sections: { sampling: { top_p: 3 } } });
    await expect(refused).rejects.toMatchObject({ code: "worker.failed", context: { refusal: { fields: ["top_p"] } } });
    const { effective } = await session.request("configure", { sections: {} });
    expect(effective["sampling"]).toMatchObject({ top_p: 1 });
  });

  it("may be as many as the cache of the engine was made for, where lem made it", async () => {
    await session.request("unload", {});
    const engine = { enforce_eager: true, dtype: "float32" };
    const made = await session.request("load", loadBody(await folderOf("builtin:tiny"), { engine }));
    expect(made.any_work).toBe(false);
  });
});
