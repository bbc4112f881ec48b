import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sections, WorkerEvent } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { loadBody, modelPath, openEngine, runGroups, temporaryFolder } from "./fixtures/engine.ts";

const WARM: Sections = { generation: { do_sample: true, temperature: 1.3, top_k: 20 } };
const TOKENS = [5, 6, 7, 8, 9];

async function idsOf(session: WorkerSession): Promise<readonly number[] | undefined> {
  const { answers } = await runGroups(session, [[{ r: 0, tokens: TOKENS, output_tokens: 16 }]], { seed: 3 });
  return answers[0]?.ids;
}

describe("requests of another kind on a loaded model", { timeout: 600_000 }, () => {
  const [folder, remove] = temporaryFolder();
  let session: WorkerSession;
  let model: string;

  beforeAll(async () => {
    model = await modelPath("builtin:tiny", "hf-folder");
    session = await openEngine(folder);
  }, 600_000);

  afterAll(async () => {
    await session?.close();
    remove();
  });

  it("give what a fresh load for them gives, and leave nothing behind", async () => {
    const first = await session.request("load", loadBody(model, WARM));
    expect(first.any_work).toBe(true);
    const warm = await idsOf(session);
    await session.request("unload", {});

    const plain = await session.request("load", loadBody(model));
    const greedy = await idsOf(session);
    const { effective } = await session.request("configure", { sections: WARM });
    expect(effective["generation"]).toEqual(first.effective["generation"]);
    expect(await idsOf(session)).toEqual(warm);
    const again = await session.request("configure", { sections: {} });
    expect(again.effective["generation"]).toEqual(plain.effective["generation"]);
    expect(await idsOf(session)).toEqual(greedy);
    expect(greedy).not.toEqual(warm);
  });

  it("whose keys are refused are refused as at a load, and the next ones are taken", async () => {
    const refused = session.request("configure", { sections: { generation: { temperature: -1, do_sample: true } } });
    await expect(refused.then(() => idsOf(session))).rejects.toMatchObject({
      code: "worker.failed",
      context: { refusal: { section: "generation" } },
    });
    await session.request("configure", { sections: {} });
    expect(await idsOf(session)).toHaveLength(16);
  });

  it("are warned about as often as they are configured", async () => {
    const said: WorkerEvent[] = [];
    for (const _ of [1, 2]) {
      const sections = { generation: { do_sample: false, temperature: 0.5 } };
      await session.request("configure", { sections }, (event) => said.push(event));
      await session.request("run", runBody, (event) => said.push(event));
    }
    const fields = said.flatMap((event) => (event.event === "said" ? event.fields : []));
    expect(fields.filter((field) => field === "temperature")).toHaveLength(2);
  });
});

const runBody = {
  groups: [[{ r: 0, tokens: TOKENS, output_tokens: 2 }]],
  concurrency: 1,
  pinned_output: true,
  seed: 0,
} as const;
