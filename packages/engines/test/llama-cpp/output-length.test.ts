import { expect, it } from "vitest";
import { load, openWorker, requests, runGroups, tokens } from "./support.ts";

it("a pinned output goes on after the end of the text, another stops with it", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  await load(session);
  const [prompt = []] = await tokens(session, ["Call me Ishmael."]);
  const { told } = await runGroups(session, [requests([prompt], 24)]);
  const ids = told.get(0)?.ids ?? [];
  const position = ids.findIndex((id, index) => index >= 4 && ids.indexOf(id) === index);
  const end = ids[position] ?? -1;
  expect(position).toBeGreaterThan(3);

  const sections = { model: { metadataOverrides: { tokenizer: { ggml: { eos_token_id: end } } } } };
  const { effective } = await load(session, { sections });
  expect(effective["model"]).toMatchObject(sections.model);
  const pinned = await runGroups(session, [requests([prompt], 24)]);
  expect(pinned.told.get(0)?.ids).toEqual(ids);
  expect(pinned.told.get(0)?.finished).toMatchObject({ finish: "length", output_tokens: 24 });

  const free = await runGroups(session, [requests([prompt], 24)], { pinned_output: false });
  expect(free.told.get(0)?.ids).toEqual(ids.slice(0, position + 1));
  expect(free.told.get(0)?.finished).toMatchObject({ finish: "stop", output_tokens: position + 1 });

  await load(session, { sections: { ...sections, sampling: { yieldEogToken: false } } });
  const without = await runGroups(session, [requests([prompt], 24)], { pinned_output: false });
  expect(without.told.get(0)?.ids).toEqual(ids.slice(0, position));
  expect(without.told.get(0)?.finished).toMatchObject({ finish: "stop", output_tokens: position });
});
