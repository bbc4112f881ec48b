import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { ask, fakeOptions, open } from "../fixtures/open-fake.ts";

test("100 MiB of chatter stay out of memory, and the log keeps its beginning and end", async () => {
  const options = fakeOptions("flood-chatter", "load");
  const session = await open(options);
  const before = process.memoryUsage().rss;
  await ask(session, "load");
  const grown = process.memoryUsage().rss - before;
  const outcome = await session.close();
  expect(outcome.stderrTail).toContain("the last words");
  expect(grown).toBeLessThan(60 * 2 ** 20);
  const { size } = statSync(options.logPath);
  expect(size).toBeGreaterThan(64 * 2 ** 20);
  expect(size).toBeLessThan(65 * 2 ** 20);
});
