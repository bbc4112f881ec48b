import { truncate } from "node:fs/promises";
import { expect, test } from "vitest";
import { listModels, pullModel } from "../../src/models/catalog.ts";
import { hasCode, requestIn } from "./workplace.ts";

test("an empty cache lists the names", async () => {
  expect(await listModels({ modelsDir: "/nowhere" })).toEqual({
    names: [
      { name: "smollm2-135m", title: expect.any(String), cached: false },
      { name: "builtin:tiny", title: expect.any(String), cached: false },
    ],
    cached: [],
  });
});

test("a pulled model is listed with size, source and hash, and a damaged one as damaged", async () => {
  const { request } = await requestIn();
  const { path, sha256 } = await pullModel(request);
  const { names, cached } = await listModels(request);
  expect(names).toContainEqual(expect.objectContaining({ name: "builtin:tiny", cached: true }));
  expect(cached).toEqual([
    {
      name: "builtin:tiny",
      format: "gguf",
      source: "builtin",
      sha256,
      path,
      size_b: expect.any(Number),
      synthetic: true,
      status: "ready",
    },
  ]);
  await truncate(path, 10);
  expect((await listModels(request)).cached).toMatchObject([{ path, status: "damaged" }]);
});

test("pulling an alias that cannot be reached is an error, not another model", async () => {
  const { request } = await requestIn({ model: "smollm2-135m" });
  await expect(pullModel(request)).rejects.toSatisfy(hasCode("model.no-source"));
  expect((await listModels(request)).cached).toEqual([]);
});
