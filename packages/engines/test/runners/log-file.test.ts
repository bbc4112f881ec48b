import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import type { LemError } from "@lem/domain";
import { describe, expect, test } from "vitest";
import { LogFile } from "../../src/runners/log-file.ts";
import { Redactor } from "../../src/runners/redactor.ts";
import { temporaryFolder } from "../fixtures/open-fake.ts";

const KIB = 1024;
const plain = new Redactor([]);
const ignore = (): void => {};

function* lines(count: number): Generator<Buffer> {
  for (let i = 0; i < count; i += 1) yield Buffer.from(`${i}`.padEnd(16 * KIB - 1, ".") + "\n");
}

describe("LogFile", () => {
  test("appends to what is there, and gives the last lines", async () => {
    const path = join(temporaryFolder(), "log.txt");
    writeFileSync(path, "before\n");
    const log = await LogFile.open(path, plain, ignore);
    await log.copy(Readable.from([Buffer.from("one\ntw"), Buffer.from("o\n\n10%\r20%\r\n")]));
    expect(log.tail()).toBe("one\ntwo\n20%");
    await log.close();
    expect(readFileSync(path, "utf8")).toBe("before\none\ntwo\n\n10%\r20%\r\n");
  });

  test("gives the stream that was copied last at the end", async () => {
    const log = await LogFile.open(join(temporaryFolder(), "log.txt"), plain, ignore);
    await Promise.all([
      log.copy(Readable.from([Buffer.from("out\n")])),
      log.copy(Readable.from([Buffer.from("err\n")])),
    ]);
    expect(log.tail()).toBe("out\nerr");
    await log.close();
  });

  test("goes on in another file, with an empty tail", async () => {
    const folder = temporaryFolder();
    const [first, second] = [join(folder, "1.txt"), join(folder, "2.txt")];
    const log = await LogFile.open(first, plain, ignore);
    const stream = new PassThrough();
    const copied = log.copy(stream);
    stream.write("one\n");
    await expect.poll(() => log.tail()).toBe("one");
    await log.moveTo(second);
    stream.end("two\n");
    await copied;
    expect(log.tail()).toBe("two");
    await expect(log.moveTo(join(folder, "nowhere", "3.txt"))).rejects.toMatchObject({ code: "io.failed" });
    await log.close();
    expect([first, second].map((file) => readFileSync(file, "utf8"))).toEqual(["one\n", "two\n"]);
  });

  test("a file of which bytes were left out ends as one does", async () => {
    const folder = temporaryFolder();
    const log = await LogFile.open(join(folder, "1.txt"), plain, ignore);
    await log.copy(Readable.from(lines(5000)));
    await log.moveTo(join(folder, "2.txt"));
    await log.close();
    expect(readFileSync(join(folder, "1.txt"), "utf8")).toMatch(/\[14811136 bytes left out; their ends follow\]/);
    expect(statSync(join(folder, "2.txt")).size).toBe(0);
  });

  test("keeps 200 lines of tail", async () => {
    const log = await LogFile.open(join(temporaryFolder(), "log.txt"), plain, ignore);
    await log.copy(Readable.from([Buffer.from(Array.from({ length: 300 }, (_, i) => `${i}\n`).join(""))]));
    expect(log.tail().split("\n")).toEqual(Array.from({ length: 200 }, (_, i) => String(100 + i)));
    await log.close();
  });

  test("keeps the beginning and the end of too much", async () => {
    const path = join(temporaryFolder(), "log.txt");
    const log = await LogFile.open(path, plain, ignore);
    await log.copy(Readable.from(lines(5000)));
    await log.close();
    expect(statSync(path).size).toBeLessThan(65 * KIB * KIB);
    const text = readFileSync(path, "utf8");
    expect(text.startsWith("0.....")).toBe(true);
    expect(text).toMatch(/\[14811136 bytes left out; their ends follow\]/);
    expect(text.slice(-16 * KIB)).toMatch(/^4999\.+\n$/);
  });

  test("reports once that the disk is full, and reads on", { skip: process.platform !== "linux" }, async () => {
    const failures: LemError[] = [];
    const log = await LogFile.open("/dev/full", plain, (error) => failures.push(error));
    await log.copy(Readable.from(lines(10)));
    await log.close();
    expect(failures.map((error) => error.code)).toEqual(["io.disk-full"]);
    expect(log.tail()).toMatch(/^9\.+$/m);
  });

  test("refuses a file that cannot be opened", async () => {
    await expect(LogFile.open(temporaryFolder(), plain, ignore)).rejects.toMatchObject({ code: "io.failed" });
  });

  test("survives a stream that breaks", async () => {
    const log = await LogFile.open(join(temporaryFolder(), "log.txt"), plain, ignore);
    const broken = Readable.from(
      (function* (): Generator<Buffer> {
        yield Buffer.from("said\n");
        throw new Error("pipe");
      })(),
    );
    await log.copy(broken);
    expect(log.tail()).toBe("said");
    await log.close();
  });
});
