import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isLemError } from "@lem/domain";
import { describe, expect, test } from "vitest";
import { parseReference } from "../../src/models/reference.ts";
import { hasCode, temporaryFolder } from "./workplace.ts";

describe("parseReference", () => {
  test("names of lem", async () => {
    const context = { cwd: await temporaryFolder(), env: {} };
    expect(await parseReference("smollm2-135m", context)).toMatchObject({
      kind: "alias",
      alias: { name: "smollm2-135m" },
    });
    expect(await parseReference("builtin:tiny", context)).toEqual({ kind: "builtin" });
  });

  test.each([
    ["org/name", { repo: "org/name" }],
    ["org/name@v1.0", { repo: "org/name", revision: "v1.0" }],
    ["org/name@refs/pr/1", { repo: "org/name", revision: "refs/pr/1" }],
    ["org/name:a-Q4_1.gguf", { repo: "org/name", file: "a-Q4_1.gguf" }],
    ["org/name@main:sub/a.gguf", { repo: "org/name", revision: "main", file: "sub/a.gguf" }],
  ])("hub id %s", async (text, parts) => {
    const context = { cwd: await temporaryFolder(), env: {} };
    expect(await parseReference(text, context)).toEqual({ kind: "hub", ...parts });
  });

  test("paths: absolute, from the working folder, from home; an existing one wins over a hub id", async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, "org", "name"), { recursive: true });
    await writeFile(join(cwd, "m.gguf"), "");
    const context = { cwd, env: { HOME: cwd } };
    const gguf = { kind: "gguf", path: join(cwd, "m.gguf") };
    expect(await parseReference(join(cwd, "m.gguf"), context)).toEqual(gguf);
    expect(await parseReference("m.gguf", context)).toEqual(gguf);
    expect(await parseReference("./m.gguf", context)).toEqual(gguf);
    expect(await parseReference("~/m.gguf", context)).toEqual(gguf);
    expect(await parseReference("org/name", context)).toEqual({ kind: "folder", path: join(cwd, "org", "name") });
  });

  test("dummy: of a folder or a file", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "config.json"), "{}");
    const dummy = { kind: "dummy", config: join(cwd, "config.json") };
    expect(await parseReference("dummy:.", { cwd, env: {} })).toEqual(dummy);
    expect(await parseReference("dummy:config.json", { cwd, env: {} })).toEqual(dummy);
  });

  test.each([
    "./nowhere",
    "/nowhere/model",
    "nowhere.gguf",
    "../x/nowhere.gguf",
    "org/name:../../x.gguf",
    "dummy:nowhere",
    "dummy:",
  ])("%s is model.not-found", async (text) => {
    await expect(parseReference(text, { cwd: await temporaryFolder(), env: {} })).rejects.toSatisfy(
      hasCode("model.not-found"),
    );
  });

  test.each(["", "smollm2", "a b/c", "org/name@a/../b", "builtin:huge", "a/b/c"])(
    "%j is model.unknown",
    async (text) => {
      await expect(parseReference(text, { cwd: await temporaryFolder(), env: {} })).rejects.toSatisfy(
        hasCode("model.unknown"),
      );
    },
  );

  test("what is near to no name is answered with every form that a model can have", async () => {
    const error: unknown = await parseReference("nope", { cwd: "/", env: {} }).catch((thrown: unknown) => thrown);
    for (const form of ["builtin:tiny", "org/name", "folder", ".gguf", "dummy:"])
      expect(isLemError(error) && error.hint).toContain(form);
  });

  test("a misspelt alias names the nearest", async () => {
    const error: unknown = await parseReference("smolm2-135m", { cwd: "/", env: {} }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isLemError(error) && error.hint).toContain("smollm2-135m");
  });
});
