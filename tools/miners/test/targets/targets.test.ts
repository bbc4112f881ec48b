import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TARGETS, targetOf } from "../../src/targets/targets.ts";

const SRC = join(import.meta.dirname, "../../src");

/** Everything that only one engine has: its package and the last parts of the dotted names. */
const ENGINE_WORDS = TARGETS.flatMap(({ root, classes, families, landmarks }) => [
  root,
  ...[...classes.map(({ name }) => name), ...families.map(({ base }) => base), ...landmarks].map(
    (name) => name.split(".").at(-1) ?? "",
  ),
]).filter((word) => !/^(__\w+__|post_init|from_dict)$/.test(word));

describe("targets", () => {
  it("are the only place that names what is an engine's own", () => {
    const others = globSync("**/*.ts", { cwd: SRC }).filter((path) => !path.startsWith("targets/"));
    expect(others.length).toBeGreaterThan(30);
    for (const path of others) {
      const words = new Set(readFileSync(join(SRC, path), "utf8").match(/\w+/g));
      expect(
        ENGINE_WORDS.filter((word) => words.has(word)),
        path,
      ).toEqual([]);
    }
  });

  it("refuse an engine that cannot be mined", () => {
    expect(() => targetOf("nothing")).toThrow(expect.objectContaining({ code: "engine.unknown" }) as Error);
  });
});
