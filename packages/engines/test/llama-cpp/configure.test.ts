import { expect, it } from "vitest";
import type { Sections, WorkerEvent } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { load, openWorker, requests, runGroups, TEXTS, tokens } from "./support.ts";

const WARM: Sections = { sampling: { temperature: 1.2, topK: 20, seed: 7 } };

async function idsOf(session: WorkerSession): Promise<readonly (readonly number[])[]> {
  const prompts = await tokens(session, TEXTS.slice(0, 1), 10);
  const { told } = await runGroups(session, [requests(prompts, 12)]);
  return [...told.values()].map(({ ids }) => ids);
}

it("a model that samples otherwise gives what a fresh load with that sampling gives", { timeout: 60_000 }, async () => {
  const fresh = await openWorker();
  const { effective } = await load(fresh, { sections: WARM });
  const warm = await idsOf(fresh);

  const kept = await openWorker();
  expect(kept.hello.configures).toEqual(["sampling"]);
  const first = await load(kept);
  const greedy = await idsOf(kept);
  expect((await kept.request("configure", { sections: WARM })).effective).toEqual(effective);
  expect(await idsOf(kept)).toEqual(warm);
  expect((await kept.request("configure", { sections: {} })).effective).toEqual(first.effective);
  expect(await idsOf(kept)).toEqual(greedy);
  expect(greedy).not.toEqual(warm);
});

it("keys that the binding does not know are told again", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  await load(session);
  const events: WorkerEvent[] = [];
  const sections = { sampling: { topk: 3 } };
  const { effective } = await session.request("configure", { sections }, (event) => events.push(event));
  expect(events).toMatchObject([{ event: "warning", message: expect.stringContaining("sampling.topk") }]);
  expect(effective["sampling"]).toMatchObject({ topk: null });
});

it("nothing can be configured without a model", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  await expect(session.request("configure", { sections: {} })).rejects.toMatchObject({ code: "worker.protocol" });
});
