import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { LateWork } from "../../src/study/late-work.ts";

const noted = (): { readonly late: LateWork; readonly done: string[]; readonly add: (name: string) => void } => {
  const [late, done]: [LateWork, string[]] = [new LateWork(), []];
  const add = (name: string): void =>
    late.add(async () => {
      await sleep(1);
      done.push(name);
    });
  return { late, done, add };
};

test("it waits until it is begun, and is done in order, once", async () => {
  const { late, done, add } = noted();
  add("a");
  add("b");
  await sleep(5);
  expect(done).toEqual([]);
  late.begin();
  add("c");
  await expect.poll(() => done).toEqual(["a", "b"]);
  await late.finish();
  await late.finish();
  expect(done).toEqual(["a", "b", "c"]);
});

test("what fails is told in the end, not while an engine starts", async () => {
  const late = new LateWork();
  late.add(() => Promise.reject(new Error("full")));
  late.begin();
  await sleep(5);
  await expect(late.finish()).rejects.toThrow("full");
});
