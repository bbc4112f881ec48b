import { afterEach, beforeEach, expect, test } from "vitest";
import { childrenOf, cleanUp, LONG_RUN, makeFolder, resultsIn, startLem } from "./lem-process.ts";

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => cleanUp(folder));

const MEASURING = /"type":"tokens","window":\d/;
const WORKER = /"type":"phase-started","phase":"measure"/;
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "one %s ends in order: exit 130, and the result is marked interrupted",
  async (signal) => {
    const lem = startLem([...LONG_RUN, "--json"], { folder });
    await lem.until(MEASURING);
    lem.child.kill(signal);
    expect(await lem.ended).toBe(130);
    expect(resultsIn(folder)).toMatchObject([
      { status: "interrupted", failure: { code: "run.interrupted", phase: "measure" } },
    ]);
  },
  60_000,
);

test("a second Ctrl-C ends at once", async () => {
  const lem = startLem([...LONG_RUN, "--json"], { folder });
  await lem.until(MEASURING);
  lem.child.kill("SIGINT");
  lem.child.kill("SIGINT");
  expect(await lem.ended).toBe(130);
}, 60_000);

test("killed with -9, it leaves no engine behind, and the study says that it was running", async () => {
  const lem = startLem([...LONG_RUN, "--json"], { folder });
  await lem.until(WORKER);
  const children = childrenOf(lem.child.pid ?? 0);
  expect(children.length).toBeGreaterThan(0);
  lem.child.kill("SIGKILL");
  expect(await lem.ended).toBe("SIGKILL");
  await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  const { text, ended } = startLem(["results", "list", "--json"], { folder });
  await ended;
  expect(JSON.parse(text())).toMatchObject([{ manifest: { status: "running" } }]);
}, 60_000);
