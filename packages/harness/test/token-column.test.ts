import { describe, expect, it } from "vitest";
import { TokenColumn } from "../src/token-column.ts";

describe("TokenColumn", () => {
  it("keeps tokens in order over many growths", () => {
    const column = new TokenColumn(1000);
    for (let i = 0; i < 1000; i += 8) {
      const ids = Array.from({ length: 8 }, (_, k) => i + k);
      expect(
        column.append(
          ids,
          ids.map((id) => id * 1e6),
        ),
      ).toBe(true);
    }
    const { ids, times } = column.take();
    expect([...ids]).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(times[999]).toBe(999e6);
  });

  it("refuses tokens beyond its limit and keeps what it had", () => {
    const column = new TokenColumn(3);
    column.append([1, 2], [10, 20]);
    expect(column.append([3, 4], [30, 40])).toBe(false);
    expect(column.length).toBe(2);
    expect(column.lastTime).toBe(20);
  });

  it("gives back the room it did not need", () => {
    const column = new TokenColumn(1_000_000);
    column.append([1], [5]);
    const { ids, times } = column.take();
    expect(ids.buffer.byteLength + times.buffer.byteLength).toBe(12);
  });

  it("holds ids without times", () => {
    const column = new TokenColumn(4);
    column.append([1, 2], []);
    expect([column.length, column.timed, column.lastTime]).toEqual([2, 0, undefined]);
    expect(column.take().times).toHaveLength(0);
  });
});
