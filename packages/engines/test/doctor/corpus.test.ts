import { expect, test } from "vitest";
import { LemError } from "@lem/domain";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { DoctorOptions } from "../../src/doctor/report.ts";
import { adapterThat, checkOf, doctorOptions } from "../fixtures/doctor-options.ts";

const INSTALLED = adapterThat(async () => ({
  status: "installed",
  version: "5.23.0",
  variant: "cpu",
  where: "/x",
  command: { file: "python", args: [], env: {} },
}));
const ABSENT = adapterThat(async () => ({ status: "missing", reason: "not there", hint: "install it" }));

const examine = async (given: Partial<DoctorOptions>): Promise<unknown> =>
  checkOf(await diagnose(await doctorOptions(given), ["corpus"]), "corpus.transformers");

test("the installed version is looked up", async () => {
  const asked: unknown[] = [];
  await examine({ adapters: [INSTALLED], findCorpus: (...question) => (asked.push(question), { status: "missing" }) });
  expect(asked).toEqual([["transformers", "5.23.0"]]);
});

const EXACT = { status: "exact", version: "5.23.0" } as const;
const OTHER = { status: "other-version", version: "5.17.0" } as const;
const NONE = { status: "missing" } as const;

test.each([
  [EXACT, EXACT, "ok", "parameters and rules of 5.23.0"],
  [OTHER, OTHER, "warn", "parameters and rules of 5.17.0"],
  [EXACT, OTHER, "warn", "parameters of 5.23.0, rules of 5.17.0"],
  [EXACT, NONE, "warn", "parameters of 5.23.0"],
  [NONE, EXACT, "warn", "rules of 5.23.0"],
  [NONE, NONE, "missing", "none"],
])("parameters %j and rules %j for an installed engine are %s", async (schema, rules, status, found) => {
  const given = { adapters: [INSTALLED], findCorpus: () => schema, findRules: () => rules };
  expect(await examine(given)).toMatchObject({ status, found });
});

test("says what it means that there are no rules", async () => {
  const given = { adapters: [INSTALLED], findCorpus: () => EXACT };
  expect(await examine(given)).toMatchObject({ why: expect.stringContaining("no rules") });
});

test("any version will do while none is installed", async () => {
  const any = () => ({ status: "exact", version: "5.17.0" }) as const;
  expect(await examine({ adapters: [ABSENT], findCorpus: any, findRules: any })).toMatchObject({
    status: "ok",
    found: "parameters and rules of 5.17.0",
  });
});

test("a damaged corpus is told, not thrown", async () => {
  const findCorpus = (): never => {
    throw new LemError("config.corpus-missing", "cannot be read", { hint: "install lem again" });
  };
  expect(await examine({ adapters: [INSTALLED], findCorpus })).toMatchObject({
    status: "missing",
    why: "cannot be read",
    todo: "install lem again",
  });
});
