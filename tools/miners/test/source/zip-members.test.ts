import { randomBytes } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { openByteSource } from "../../src/source/byte-source.ts";
import { readZipDirectory } from "../../src/source/zip-directory.ts";
import { readZipMembers } from "../../src/source/zip-members.ts";
import { serve } from "./range-server.ts";
import { zipOf } from "./zip.ts";

const LARGE = 6 << 20;
const MEMBERS = {
  "p/a.py": "a = 1\n",
  "p/native.so": randomBytes(LARGE),
  "p/b.py": "b = 2\n".repeat(1000),
  "p/c.py": "",
};

async function open(bytes: Buffer, options?: { ranges: boolean }) {
  const server = await serve(bytes, options);
  onTestFinished(server.close);
  return { server, source: await openByteSource(server.address) };
}

const pythonOf = async (source: Awaited<ReturnType<typeof openByteSource>>) =>
  readZipMembers(
    source,
    (await readZipDirectory(source)).filter(({ path }) => path.endsWith(".py")),
  );

describe("members of an archive at an address", () => {
  it("are read without the rest of the archive", async () => {
    const { server, source } = await open(zipOf(MEMBERS));
    const found = await pythonOf(source);
    expect(Object.fromEntries([...found].map(([path, bytes]) => [path, bytes.toString()]))).toEqual({
      "p/a.py": MEMBERS["p/a.py"],
      "p/b.py": MEMBERS["p/b.py"],
      "p/c.py": "",
    });
    expect(server.sent()).toBeLessThan(LARGE / 2);
  });

  it("are refused when a byte of them is wrong", async () => {
    const bytes = zipOf(MEMBERS);
    const at = bytes.indexOf("p/b.py") + 10;
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    const { source } = await open(bytes);
    await expect(pythonOf(source)).rejects.toMatchObject({ code: "mine.source-corrupt" });
  });

  it("are refused when the archive is cut off", async () => {
    const { source } = await open(zipOf(MEMBERS).subarray(0, LARGE));
    await expect(readZipDirectory(source)).rejects.toMatchObject({ code: "mine.source-corrupt" });
  });

  it("are refused when a name leaves the folder", async () => {
    const { source } = await open(zipOf({ "../evil.py": "x = 1\n" }));
    await expect(readZipDirectory(source)).rejects.toMatchObject({ code: "mine.source-corrupt" });
  });

  it("need a server that knows byte ranges", async () => {
    const server = await serve(zipOf(MEMBERS), { ranges: false });
    onTestFinished(server.close);
    await expect(openByteSource(server.address)).rejects.toMatchObject({ code: "mine.source-missing" });
  });

  it("need a server that is there", async () => {
    const server = await serve(Buffer.alloc(1));
    await server.close();
    await expect(openByteSource(server.address)).rejects.toMatchObject({ code: "mine.source-missing" });
  });
});
