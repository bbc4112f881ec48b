import { describe, expect, it } from "vitest";
import { shareOut } from "../src/share-out.ts";

const later = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

describe("work that is shared out", () => {
  it("gives results in the order of the items, whoever was quicker", async () => {
    const done: string[] = [];
    const results = await shareOut(["a", "b"], [30, 1, 1, 1], async (ms, worker) => {
      await later(ms);
      done.push(worker);
      return `${worker}${ms}`;
    });
    expect(results).toEqual(["a30", "b1", "b1", "b1"]);
    expect(done).toEqual(["b", "b", "b", "a"]);
  });

  it("ends with the first failure, when nobody is at work any more", async () => {
    const ended: number[] = [];
    const work = shareOut([1, 2], [20, 1, 5, 5], async (ms) => {
      await later(ms);
      ended.push(ms);
      if (ms === 1) throw new RangeError("one");
    });
    await expect(work).rejects.toThrow("one");
    expect(ended).toEqual([1, 20]);
  });
});
