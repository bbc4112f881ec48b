import { describe, expect, it } from "vitest";
import { ERROR_CODES, fromSystemError, isLemError, LemError, unreachable, type ErrorCode } from "../src/errors.ts";

const codes = Object.entries(ERROR_CODES) as [ErrorCode, (typeof ERROR_CODES)[ErrorCode]][];

describe("error codes", () => {
  it.each(codes)("%s has a stable form, an exit code and a meaning", (code, { exit, meaning }) => {
    expect(code).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
    expect([1, 2, 130]).toContain(exit);
    expect(meaning).toMatch(/^(?!.*\.$).{10,}/);
  });

  it.each(["cli", "config", "model", "workload"])("of bad input (%s) refuse before any start", (group) => {
    const exits = codes.filter(([code]) => code.startsWith(`${group}.`)).map(([, { exit }]) => exit);
    expect(new Set(exits)).toEqual(new Set([2]));
  });

  it("of a failing worker or measurement fail the experiment", () => {
    const exits = codes.filter(([code]) => /^(worker|measure)\./.test(code)).map(([, { exit }]) => exit);
    expect(new Set(exits)).toEqual(new Set([1]));
  });

  it("have meanings of their own", () => {
    expect(new Set(codes.map(([, { meaning }]) => meaning)).size).toBe(codes.length);
  });
});

describe("LemError", () => {
  it("carries all that it was given", () => {
    const cause = new Error("below");
    const place = { file: "a.yaml", line: 3, column: 5, path: "workload.n" };
    const error = new LemError("config.wrong-type", "n is a text", {
      hint: "write a number",
      place,
      context: { got: "x" },
      cause,
    });
    expect(error).toMatchObject({
      code: "config.wrong-type",
      hint: "write a number",
      place,
      context: { got: "x" },
    });
    expect([error.message, error.name, error.cause, error.exitCode]).toEqual(["n is a text", "LemError", cause, 2]);
  });

  it("has neither cause nor hint when it was given none", () => {
    const error = new LemError("worker.crashed", "it ended");
    expect(Object.hasOwn(error, "cause")).toBe(false);
    expect([error.hint, error.place, error.context, error.exitCode]).toEqual([undefined, undefined, {}, 1]);
  });

  it("is told from others, by code where one is asked for", () => {
    const error: unknown = new LemError("io.failed", "no");
    expect([isLemError(error), isLemError(error, "io.failed"), isLemError(error, "io.permission")]).toEqual([
      true,
      true,
      false,
    ]);
    expect([isLemError(new Error("no")), isLemError(undefined), isLemError({ code: "io.failed" })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("has no codes beyond the table", () => {
    // @ts-expect-error a code that is not in ERROR_CODES
    expect(new LemError("config.nonsense", "no").code).toBe("config.nonsense");
  });

  it("tells a branch that cannot be reached as a defect", () => {
    expect(() => unreachable("value" as never)).toThrow(expect.objectContaining({ code: "internal.bug" }));
  });
});

describe("failed file operations", () => {
  const failure = (code: string): Error => Object.assign(new Error(`${code}: said the system`), { code });

  it.each([
    ["ENOSPC", "io.disk-full"],
    ["EDQUOT", "io.disk-full"],
    ["EACCES", "io.permission"],
    ["EPERM", "io.permission"],
    ["EROFS", "io.permission"],
    ["EIO", "io.failed"],
  ])("%s is %s", (errno, code) => {
    const error = fromSystemError(failure(errno), "writing a.json");
    expect(error).toMatchObject({ code, context: { errno }, message: `writing a.json: ${errno}: said the system` });
    expect(error.cause).toBeInstanceOf(Error);
  });

  it.each(["ENOSPC", "EACCES"])("%s says what to do", (errno) => {
    expect(fromSystemError(failure(errno), "writing").hint).toContain("LEM_CACHE");
  });

  it("that are told already pass through", () => {
    const error = new LemError("model.corrupt", "damaged");
    expect(fromSystemError(error, "reading")).toBe(error);
  });

  it.each([undefined, null, "text", 7])("may be no Error at all: %s", (thrown) => {
    expect(fromSystemError(thrown, "reading")).toMatchObject({ code: "io.failed", message: `reading: ${thrown}` });
  });
});
