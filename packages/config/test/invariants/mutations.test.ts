import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { casesOf } from "./support/batch.ts";
import { MUTATIONS, type Mutation } from "./support/mutations.ts";
import { CPython, environments, hasPython } from "./support/oracle.ts";
import { Random } from "./support/random.ts";

const SEED = 4_711;
const CASES = 20_000;
const PACKAGE = join(import.meta.dirname, "..", "..");

let copy: string;
let answersFile: string;

beforeAll(async () => {
  if (!hasPython) return;
  copy = mkdtempSync(join(tmpdir(), "lem-mutants-"));
  for (const part of ["src/invariants", "test/invariants/support", "package.json"])
    cpSync(join(PACKAGE, part), join(copy, part), { recursive: true });
  symlinkSync(join(PACKAGE, "node_modules"), join(copy, "node_modules"));
  answersFile = join(copy, "answers.json");
  const random = new Random(SEED);
  await using python = new CPython();
  const cases = casesOf(SEED, CASES);
  const questions = cases.map((one) => ({ expr: one.expr, environments: environments(one, random, 8) }));
  writeFileSync(answersFile, JSON.stringify(await python.ask(questions)));
}, 300_000);

afterAll(() => {
  if (hasPython) rmSync(copy, { recursive: true });
});

/** Judges all cases with the sources as they lie in the copy. */
async function noticed(): Promise<boolean> {
  const runner = join(copy, "test/invariants/support/mutant.ts");
  const child = spawn(process.execPath, [runner, answersFile, String(SEED)], { stdio: "ignore" });
  const status = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  return status !== 0;
}

async function noticedWith({ file, from, to }: Mutation): Promise<boolean> {
  const path = join(copy, "src/invariants", file);
  const source = readFileSync(path, "utf8");
  expect(source.split(from)).toHaveLength(2);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    return await noticed();
  } finally {
    writeFileSync(path, source);
  }
}

describe.runIf(hasPython)("against CPython's answers [needs python3]", () => {
  it("the evaluator as it is agrees", { timeout: 120_000 }, async () => {
    expect(await noticed()).toBe(false);
  });

  it.each(MUTATIONS)("a change of $file is noticed: $to", { timeout: 120_000 }, async (mutation) => {
    expect(await noticedWith(mutation)).toBe(true);
  });
});
