import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPromptFile } from "../../src/workload/prompt-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lem-prompts-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const error = (path: string, field?: string): Promise<unknown> =>
  readPromptFile({ path, ...(field === undefined ? {} : { field }) }, 100).then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );

describe("readPromptFile", () => {
  it("reads one prompt a non-empty line of a text", async () => {
    const path = await file("a.txt", "\uFEFFfirst\r\n\r\n  second  \n\nlast ü");
    expect(await readPromptFile({ path }, 100)).toEqual(["first", "second", "last ü"]);
  });

  it("stops at the limit, so that what follows is not judged", async () => {
    const path = await file("long.jsonl", '{"prompt":"a"}\n{"prompt":"b"}\nnot json');
    expect(await readPromptFile({ path }, 2)).toEqual(["a", "b"]);
  });

  it("finds the field of JSON lines in a stated order", async () => {
    const path = await file("b.jsonl", '{"id":1,"question":"why?","text":"because"}\n\n{"text":"so"}\n');
    expect(await readPromptFile({ path }, 100)).toEqual(["because", "so"]);
  });

  it("reads the field that is named", async () => {
    const path = await file("c.jsonl", '{"prompt":"no","q":"yes"}\n');
    expect(await readPromptFile({ path, field: "q" }, 100)).toEqual(["yes"]);
  });

  it("keeps characters that lie across chunks of the file", async () => {
    const line = "é".repeat(100_000);
    const path = await file("wide.txt", `x${line}\n`);
    expect(await readPromptFile({ path }, 1)).toEqual([`x${line}`]);
  });

  it("refuses a file without prompts", async () => {
    expect(await error(await file("empty.txt", "\n \n"))).toMatchObject({ code: "workload.no-prompts" });
    expect(await error(await file("empty.jsonl", '{"prompt":" "}'))).toMatchObject({ code: "workload.no-prompts" });
  });

  it("refuses a missing file, a folder and another extension, with the place", async () => {
    const missing = join(folder, "missing.txt");
    expect(await error(missing)).toMatchObject({ code: "workload.file", place: { file: missing } });
    await mkdir(join(folder, "sub.txt"));
    expect(await error(join(folder, "sub.txt"))).toMatchObject({ code: "workload.file" });
    expect(await error(await file("x.csv", "a"))).toMatchObject({ code: "workload.file" });
  });

  it("refuses bytes that are no text", async () => {
    expect(await error(await file("bin.txt", Uint8Array.of(0xff, 0xfe, 0x00)))).toMatchObject({
      code: "workload.file",
    });
    expect(await error(await file("nul.txt", "fine\na\0b"))).toMatchObject({
      code: "workload.file",
      place: { line: 2 },
    });
  });

  it.each([
    ["broken JSON", '{"prompt":"a"}\n{"prompt":\n', 2],
    ["no object", '"a"\n', 1],
    ["a missing field", '{"prompt":"a"}\n\n{"text":"b"}\n', 3],
    ["no known field", '{"body":"a"}\n', 1],
    ["a field that is no text", '{"prompt":5}\n', 1],
  ])("names the line of %s", async (what, content, line) => {
    const path = await file(`bad-${what.replaceAll(" ", "-")}.jsonl`, content);
    expect(await error(path)).toMatchObject({ code: "workload.file", place: { file: path, line } });
  });
});
