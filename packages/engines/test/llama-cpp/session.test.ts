import { expect, it } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import { load, model, openWorker, requests, runGroups, TEXTS, tokens } from "./support.ts";

it("a session loads, tokenizes, runs, unloads and ends", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  expect(session.hello).toMatchObject({ engine: "llama-cpp", pid: session.pid });
  expect(Object.keys(session.hello.packages)).toEqual(["node-llama-cpp", "llama.cpp", "node"]);

  const { config } = await model("builtin:tiny");
  const events: WorkerEvent[] = [];
  const loaded = await load(session, { parallel: 2, max_sequence_tokens: 80, onEvent: (event) => events.push(event) });
  expect(loaded.model).toMatchObject({
    architecture: "llama",
    context_length: config["max_position_embeddings"],
    vocabulary: config["vocab_size"],
    dtype: "F32",
  });
  expect(loaded.model.parameters).toBeGreaterThan(800_000);
  expect(loaded.effective["context"]).toMatchObject({ sequences: 2, contextSize: 256, threads: 1 });
  expect([loaded.devices, loaded.threads]).toEqual([["cpu"], 1]);
  expect(loaded.load_ns).toBeGreaterThan(0);
  const shares = events.flatMap((event) => (event.event === "progress" && event.share !== null ? [event.share] : []));
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));

  const prompts = await tokens(session, TEXTS, 40);
  const { reply, told, origin } = await runGroups(session, [requests(prompts.slice(0, 2), 5)]);
  expect([...told.values()].map(({ ids }) => ids.length)).toEqual([5, 5]);
  expect(origin).toBe(reply.origin_ns);
  expect(reply.end_ns).toBeGreaterThan(reply.origin_ns);
  expect(reply.cpu_s).toBeGreaterThan(0);

  expect(await session.request("unload", {})).toEqual({});
  await expect(runGroups(session, [requests(prompts, 5)])).rejects.toMatchObject({ code: "worker.protocol" });
  expect(await load(session, { max_sequence_tokens: 40 })).toMatchObject({ model: { architecture: "llama" } });
  expect(await session.close()).toMatchObject({ exitCode: 0, killedBy: "nothing", survivors: [] });
});
